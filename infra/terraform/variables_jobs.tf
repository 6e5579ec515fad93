# What the job definitions say beside processors and memory. SubmitJob can override none of it but the time limit.

variable "batch_job_ulimits" {
  description = "Limits of a job's processes by name, soft and hard alike, such as { memlock = -1, nofile = 65536 }. -1: no limit. Multi-node jobs always have memlock = -1, which EFA needs."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for name, limit in var.batch_job_ulimits :
      limit == floor(limit) && limit >= -1 && contains([
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending",
        "stack",
      ], name)
    ])
    error_message = "batch_job_ulimits holds ${jsonencode(var.batch_job_ulimits)}. Use names that Docker has (memlock, nofile, nproc, stack and so on) and whole numbers from -1, which stands for no limit."
  }
}

variable "batch_job_volumes" {
  description = "Volumes of every job by name: an EFS file system (efs_file_system_id, over TLS and with the job role's rights) or a folder of the host (host_path), mounted at container_path."
  type = map(object({
    container_path      = string
    read_only           = optional(bool, false)
    host_path           = optional(string, "")
    efs_file_system_id  = optional(string, "")
    efs_access_point_id = optional(string, "")
    efs_root_directory  = optional(string, "/")
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for name, volume in var.batch_job_volumes : can(regex("^[A-Za-z0-9_-]{1,255}$", name)) && startswith(volume.container_path, "/")
    ])
    error_message = "batch_job_volumes needs names of letters, digits, - and _, and each a container_path that begins with /, such as { data = { container_path = \"/data\", efs_file_system_id = \"fs-0123456789abcdef0\" } }."
  }

  validation {
    condition = alltrue([
      for volume in values(var.batch_job_volumes) :
      startswith(volume.host_path, "/") != can(regex("^fs-[0-9a-f]{8,40}$", volume.efs_file_system_id))
      && (volume.host_path == "" || volume.efs_file_system_id == "")
    ])
    error_message = "A volume in batch_job_volumes must name either host_path (beginning with /) or efs_file_system_id (fs- and hexadecimal digits)."
  }

  validation {
    condition = alltrue([
      for volume in values(var.batch_job_volumes) :
      volume.efs_access_point_id == ""
      || (can(regex("^fsap-[0-9a-f]{8,40}$", volume.efs_access_point_id)) && volume.efs_root_directory == "/")
    ])
    error_message = "An efs_access_point_id in batch_job_volumes is not valid, or stands beside efs_root_directory. Give fsap- and hexadecimal digits; the access point already says the directory."
  }
}

variable "batch_local_storage_path" {
  description = "Where jobs find the host's local NVMe disks, such as /scratch: all of a host's instance store in one file system, shared by its jobs and empty on each new host. Hosts without instance store give a folder of the root volume. Empty: none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.batch_local_storage_path == "" || can(regex("^/[^:]+$", var.batch_local_storage_path))
    error_message = "batch_local_storage_path is ${var.batch_local_storage_path}. Give a path in the container that begins with /, such as /scratch, or leave it empty."
  }
}

variable "batch_job_secrets" {
  description = "Environment variables of every job that come from Secrets Manager or from SSM parameters, as NAME = ARN. The execution role may read exactly these."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for name, arn in var.batch_job_secrets :
      can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))
      && can(regex("^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:|ssm:[a-z0-9-]+:[0-9]{12}:parameter/).+$", arn))
    ])
    error_message = "batch_job_secrets must map names of environment variables to ARNs of secrets or parameters, such as { API_KEY = \"arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME\" }."
  }
}

variable "batch_job_secret_kms_key_arns" {
  description = "KMS keys of the account's own with which batch_job_secrets are encrypted. Empty: AWS's keys, which need no right."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for arn in var.batch_job_secret_kms_key_arns : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", arn))
    ])
    error_message = "batch_job_secret_kms_key_arns holds a value that is not the ARN of a KMS key. Give arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "batch_job_timeout_seconds" {
  description = "Time limit of an attempt in the job definitions, in seconds; a job may ask for another. 0: none."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition = (
      var.batch_job_timeout_seconds == 0
      || (var.batch_job_timeout_seconds == floor(var.batch_job_timeout_seconds) && var.batch_job_timeout_seconds >= 60)
    )
    error_message = "batch_job_timeout_seconds is ${var.batch_job_timeout_seconds}. AWS takes whole seconds from 60; 0 means no limit."
  }
}

variable "batch_job_log_mode" {
  description = "blocking: a job waits if CloudWatch Logs cannot be reached. non-blocking: it continues, and lines beyond batch_job_log_buffer_mib are lost. Empty: Docker's choice, which is blocking."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = contains(["", "blocking", "non-blocking"], var.batch_job_log_mode)
    error_message = "batch_job_log_mode is ${var.batch_job_log_mode}. Use blocking or non-blocking, or leave it empty."
  }
}

variable "batch_job_log_buffer_mib" {
  description = "Memory for log lines that wait, with batch_job_log_mode = \"non-blocking\", in MiB."
  type        = number
  default     = 25
  nullable    = false

  validation {
    condition = (
      var.batch_job_log_buffer_mib == floor(var.batch_job_log_buffer_mib)
      && var.batch_job_log_buffer_mib >= 1
      && var.batch_job_log_buffer_mib <= 1024
    )
    error_message = "batch_job_log_buffer_mib is ${var.batch_job_log_buffer_mib}. Give a whole number from 1 to 1024."
  }
}
