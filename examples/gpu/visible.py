"""Says which GPUs the job has, and does its work on the processor if there is none here."""
import os

visible = os.environ.get("CUDA_VISIBLE_DEVICES", "")
asked = os.environ.get("AWS_BATCH_JQ_NAME", "no queue")
print("%s: GPUs here: %s" % (asked, visible or "none, the processor does the work"))
