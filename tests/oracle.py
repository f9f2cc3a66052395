"""The frame of an oracle: rounds of comparison, or planted errors."""
import os
import sys
import tempfile


def all_found(defects, found):
    """Tell with which seed each planted error was found; True if all were."""
    for defect in defects:
        print(defect, "found with seed", found.get(defect, "none"))
    return set(found) == set(defects)


def main(compare, planted):
    """ROUNDS [SEED]: compare(seed) in a folder of its own, whose bm.db is
    BM_DB. --planted ROUNDS: status 0 if planted(rounds)."""
    if sys.argv[1] == "--planted":
        sys.exit(0 if planted(int(sys.argv[2])) else 1)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for seed in range(first, first + int(sys.argv[1])):
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            os.chdir(folder)
            os.environ["BM_DB"] = folder + "/bm.db"
            compare(seed)
            os.chdir("/")
