"""A job, its log and its files, from Python."""
import os

from refrag import Refrag

here = Refrag("env=local")
store = "file://" + os.path.abspath("store")
job = here.run(
    "env.job_name=letters", f"env.results={store}",
    command=["sh", "-c", "echo begun; echo abc >$REFRAG_OUTPUT_DIR/letters.txt"])
end = job.wait().check()
print(end.job_name, end.status)
print([line.text for line in job.logs()])
print([file.path for file in job.files()])
with open(os.path.join(job.pull("home"), "letters.txt")) as file:
    print(file.read().strip())
