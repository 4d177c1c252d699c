"""What importing the largest real schema costs, measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.drafting.schemata import DATA
from tests.standards.shared_data import needs_shared_data

pytestmark = needs_shared_data
_IMPORT = """
import json, resource, sys
from rathaus.cli import run
code = run(["service", "import", sys.argv[1], "--into", sys.argv[2]])
used = resource.getrusage(resource.RUSAGE_SELF)
# Not ru_maxrss: Linux lets a process begin with the peak of the one that started it, here all of the tests.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([code, used.ru_utime + used.ru_stime, int(peak.split()[1]) / 1024]))
"""


def test_the_largest_schema_is_imported_in_two_seconds_and_150_megabytes(tmp_path: Path) -> None:
    largest = max(DATA.glob("*/*.xml"), key=lambda path: path.stat().st_size)
    assert largest.stat().st_size > 3_400_000
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, str(largest), str(tmp_path / "drafted")],
        capture_output=True,
        text=True,
        check=True,
    )
    code, seconds, megabytes = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    assert seconds < 2.0
    assert megabytes < 150
