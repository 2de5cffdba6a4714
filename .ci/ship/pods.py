#!/usr/bin/python3
"""Takes workloads out of a rendered overlay and makes of each what `podman play kube` can start: a Pod with its ConfigMaps, and the Secrets
that must be there before. What is left out is what podman has nobody for: probes (no kubelet), spreading (one node), claims (no storage class).
Security contexts, mounts, commands and settings stay as they are rendered.

pods.py <rendered file> <folder> <workload>...
"""
import json
import pathlib
import sys

import yaml

# Ports: it would open them on this machine.
NO_KUBELET = ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resizePolicy", "ports")
NO_SCHEDULER = ("topologySpreadConstraints", "affinity", "serviceAccountName", "priorityClassName", "terminationGracePeriodSeconds")


def settle(container, maps):
    """Settings one by one, as a kubelet reads them: what stands in env wins over envFrom. podman 4.3 has it the other way round."""
    own = container.setdefault("env", [])
    named = {variable["name"] for variable in own}
    for source in container.pop("envFrom", []):
        if "configMapRef" not in source:
            container.setdefault("envFrom", []).append(source)
            continue
        for key, value in maps[source["configMapRef"]["name"]]["data"].items():
            if key not in named:
                own.append({"name": key, "value": value})


def pod(workload, maps):
    name = workload["metadata"]["name"]
    template = workload["spec"]["template"]
    spec = {key: value for key, value in template["spec"].items() if key not in NO_SCHEDULER}
    for container in spec.get("initContainers", []) + spec["containers"]:
        for key in NO_KUBELET:
            container.pop(key, None)
        settle(container, maps)
        # It knows no names of fields; the pod's is this one.
        for variable in container.get("env", []):
            if "fieldRef" in variable.get("valueFrom", {}):
                del variable["valueFrom"]
                variable["value"] = name
    # "Always", as a Deployment says, would start init containers again and again there.
    spec["restartPolicy"] = "Never"
    for claim in workload["spec"].get("volumeClaimTemplates", []):
        spec.setdefault("volumes", []).append({"name": claim["metadata"]["name"], "emptyDir": {}})
    # An empty folder is a volume by its name there: the same one for all pods, unless it has the pod's.
    for volume in spec.get("volumes", []):
        volume["name"] = name + "-" + volume["name"]
    for container in spec.get("initContainers", []) + spec["containers"]:
        for mount in container.get("volumeMounts", []):
            mount["name"] = name + "-" + mount["name"]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": template["metadata"]["labels"]}, "spec": spec}


def named(thing, kind):
    """The names of ConfigMaps or Secrets in it, wherever they are."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key in (kind + "KeyRef", kind + "Ref") or key == kind:
                yield value.get("name") or value.get("secretName")
            yield from named(value, kind)
    elif isinstance(thing, list):
        for value in thing:
            yield from named(value, kind)


def main(rendered, folder, *wanted):
    objects = [each for each in yaml.safe_load_all(pathlib.Path(rendered).read_text()) if each]
    by_name = {(each["kind"], each["metadata"]["name"]): each for each in objects}
    for name in wanted:
        workload = by_name.get(("Deployment", name)) or by_name[("StatefulSet", name)]
        made = pod(workload, {each: thing for (kind, each), thing in by_name.items() if kind == "ConfigMap"})
        maps = [by_name[("ConfigMap", each)] for each in sorted(set(named(made, "configMap")))]
        pathlib.Path(folder, name + ".yaml").write_text(yaml.safe_dump_all(maps + [made]))
        for secret in sorted(set(named(made, "secret"))):
            # As podman keeps it: the data alone.
            pathlib.Path(folder, "secret." + secret).write_text(json.dumps(by_name[("Secret", secret)]["data"]))


main(*sys.argv[1:])
