package caravan.fleet;

import java.util.List;

/** {@code ./caravan reset}: removes all data and logs of a fleet that is down. */
final class Reset {
    private Reset() {}

    static int run(DataFolder folder, boolean yes) {
        try (FleetLock _ = FleetLock.take(folder)) {
            if (!yes && !confirmed(folder)) {
                System.out.println("Nothing was removed.");
                return 1;
            }
            LeftOvers.end(folder, new Console(System.out::println));
            List.of("data", "log", "aot", "engine", Credentials.FILE, Credentials.SECRETS_FILE)
                    .forEach(name -> DataFolder.delete(folder.root().resolve(name)));
        }
        System.out.println("Removed the data and logs in " + folder.root() + ".");
        return 0;
    }

    private static boolean confirmed(DataFolder folder) {
        System.out.print("Remove all orders, payments, mails and logs in " + folder.root() + "? Type yes: ");
        System.out.flush();
        return "yes".equals(IO.readln());
    }
}
