-- One database for each service, all owned by the role that the container was started with.
create database orders;
create database inventory;
create database payments;
create database shipments;
create database notifications;
create database sagas;
create database gateway;
