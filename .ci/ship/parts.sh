# What making and running images have in common, and pieces of images for machines that no image can be pulled to. Sourced, in the checkout.

modules=(gateway order-service inventory-service payment-service shipment-service notification-service saga-orchestrator)

# <part>: somebody else's image as compose names it
image_of() {
    sed -n "s/.*{CARAVAN_$1_IMAGE:-\(.*\)}.*/\1/p" docker-compose.yml | head -n 1
}

# <target> <module> <tag> <option>...: one of ours; the same jars give the same image
build() {
    podman build -q --timestamp 0 --format docker --target "$1" --build-arg BASE=localhost/caravan/base:here \
        -f k8s/image/Dockerfile -t "$3" "${@:4}" "$2/target"
}

# <file>... <root>: with the libraries it is linked with, at the places where they are here
with_libraries() {
    local root="${*: -1}" file library
    for file in "${@:1:$#-1}"; do
        ldd "$file" 2>/dev/null | grep -o '/[^ )]*' || true
    done | sort -u | while read -r library; do
        mkdir -p "$root$(dirname "$library")"
        cp -Lu "$library" "$root$library"
    done
}

# <file>... <root>: programs of this machine, where they are here, with their libraries
programs() {
    local root="${*: -1}" program
    for program in "${@:1:$#-1}"; do
        mkdir -p "$root$(dirname "$program")"
        cp -L "$program" "$root$program"
    done
    with_libraries "$@"
}

# <root>: what any program needs to find users and hosts
skeleton() {
    mkdir -p "$1"/{etc,tmp,proc,sys,dev,root,var/tmp,bin,lib,lib64,usr/bin,usr/lib}
    chmod 1777 "$1/tmp" "$1/var/tmp"
    printf 'root:x:0:0:root:/root:/bin/sh\npostgres:x:999:999::/var/lib/postgresql:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' >"$1/etc/passwd"
    printf 'root:x:0:\npostgres:x:999:\nnogroup:x:65534:\n' >"$1/etc/group"
    printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
    # Looked up by the C library when it is first asked for a host or a user.
    local library
    for library in /lib/x86_64-linux-gnu/lib{nss_dns,nss_files,resolv,gcc_s}.so.*; do
        if [[ -e "$library" ]]; then
            mkdir -p "$1$(dirname "$library")"
            cp -L "$library" "$1$library"
        fi
    done
}

# <root>: a JRE at /opt/java, without compilers
jre() {
    local java
    mkdir -p "$1/opt"
    "$JAVA_HOME/bin/jlink" --output "$1/opt/java" --strip-debug --no-header-files --no-man-pages \
        --add-modules java.se,jdk.unsupported,jdk.management,jdk.crypto.ec,jdk.naming.dns,jdk.zipfs,jdk.net,jdk.security.auth
    mapfile -t java < <(find "$1/opt/java/lib" -name '*.so'; echo "$1/opt/java/bin/java")
    with_libraries "${java[@]}" "$1"
}

# <root>: a shell and what goes with it
shell() {
    programs /bin/busybox "$1"
    local applet
    for applet in $(/bin/busybox --list | grep -vx busybox); do
        ln -sf /bin/busybox "$1/bin/$applet"
    done
    programs /bin/bash "$1"
    # Debian's nc cannot just look whether a port is open.
    rm "$1/bin/nc"
    printf '#!/bin/bash\n[[ "$1" == -z ]] && exec 3<>"/dev/tcp/$2/$3"\n' >"$1/bin/nc"
    chmod +x "$1/bin/nc"
}
