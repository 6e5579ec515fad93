# What goes beyond two plain queues, each switched by one variable.

variable "batch_queue_layout" {
  description = "separate: a CPU and a GPU queue. single: the one queue of old. both: the time of a migration between them."
  type        = string
  default     = "separate"
  nullable    = false

  validation {
    condition     = contains(["separate", "both", "single"], var.batch_queue_layout)
    error_message = "batch_queue_layout is ${var.batch_queue_layout}. Use separate, both or single; docs/guides/migrate.md says when."
  }

  validation {
    condition = (
      var.batch_queue_layout == "separate"
      || length(distinct([
        for type in flatten([
          for name in concat(var.batch_cpu_instance_types, var.batch_gpu_instance_types) : lookup(local.instance_families, name, [name])
        ]) :
        local.instance_types[type].architecture
        if contains(keys(local.instance_types), type)
      ])) <= 1
    )
    error_message = "The single environment takes the CPU and the GPU types, which have different processor architectures. Set batch_cpu_instance_types to types of the GPU types' architecture, or batch_queue_layout = \"separate\"."
  }
}

variable "batch_use_spot" {
  description = "Whether the first environment of each queue runs on Spot capacity. Multi-node jobs need false, or batch_on_demand_fallback."
  type        = bool
  default     = true
  nullable    = false
}

variable "batch_on_demand_fallback" {
  description = "Whether each queue has an on-demand environment as second choice when Spot has no capacity. Each environment has its own maximum, so that both together may run twice batch_cpu_max_vcpus and batch_gpu_max_vcpus."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.batch_on_demand_fallback || var.batch_use_spot
    error_message = "batch_on_demand_fallback has nothing to fall back from. Set batch_use_spot = true, or leave batch_on_demand_fallback false."
  }
}

variable "batch_cpu_on_demand_max_vcpus" {
  description = "Most vCPUs of the on-demand CPU environment of batch_on_demand_fallback, which come on top of batch_cpu_max_vcpus. null: as many again."
  type        = number
  default     = null

  validation {
    condition = (
      var.batch_cpu_on_demand_max_vcpus == null
      || try(
        var.batch_cpu_on_demand_max_vcpus == floor(var.batch_cpu_on_demand_max_vcpus)
        && var.batch_cpu_on_demand_max_vcpus >= 1
        && var.batch_on_demand_fallback,
        false,
      )
    )
    error_message = "batch_cpu_on_demand_max_vcpus must be a whole number from 1, beside batch_on_demand_fallback = true. Correct it, or leave it null."
  }
}

variable "batch_gpu_on_demand_max_vcpus" {
  description = "Most vCPUs of the on-demand GPU environment of batch_on_demand_fallback, which come on top of batch_gpu_max_vcpus. null: as many again."
  type        = number
  default     = null

  validation {
    condition = (
      var.batch_gpu_on_demand_max_vcpus == null
      || try(
        var.batch_gpu_on_demand_max_vcpus == floor(var.batch_gpu_on_demand_max_vcpus)
        && var.batch_gpu_on_demand_max_vcpus >= 1
        && var.batch_on_demand_fallback,
        false,
      )
    )
    error_message = "batch_gpu_on_demand_max_vcpus must be a whole number from 1, beside batch_on_demand_fallback = true. Correct it, or leave it null."
  }
}

variable "batch_distributed" {
  description = "Whether multi-node jobs have a queue of their own: on demand, in one zone and one placement group, with EFA if every listed type has it. Nodes have no public addresses, so it needs NAT, a private network or subnets of your own."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition = (
      !var.batch_distributed
      || var.network_mode == "subnets"
      || (var.network_mode == "own" && (var.network_private || var.network_nat != "none"))
    )
    error_message = "batch_distributed needs job subnets that reach AWS without public addresses, which nodes of multi-node jobs never have. Set network_mode = \"own\" with network_nat = \"single\" (or network_private = true), or name such subnets with network_mode = \"subnets\"."
  }

  validation {
    condition     = !var.batch_distributed || var.batch_queue_layout != "single"
    error_message = "batch_distributed has no effect with batch_queue_layout = \"single\". Set batch_distributed = false."
  }
}

variable "batch_distributed_instance_types" {
  description = "EC2 instance types of the hosts for multi-node jobs. EC2 says at plan time what they have (vCPUs, memory, GPUs, EFA); a node of the job definition takes a whole host of the smallest."
  type        = list(string)
  default     = ["g5.12xlarge"]
  nullable    = false

  validation {
    condition = (
      length(var.batch_distributed_instance_types) > 0
      && alltrue([for type in var.batch_distributed_instance_types : can(regex("^[a-z0-9-]+\\.[a-z0-9-]+$", type))])
    )
    error_message = "batch_distributed_instance_types must list types, not families, such as [\"g5.12xlarge\"]: a node takes a whole host."
  }
}

variable "batch_distributed_max_vcpus" {
  description = "Most vCPUs that run at once for multi-node jobs. Batch may exceed it by one instance."
  type        = number
  default     = 192
  nullable    = false

  validation {
    condition     = var.batch_distributed_max_vcpus == floor(var.batch_distributed_max_vcpus) && var.batch_distributed_max_vcpus >= 1
    error_message = "batch_distributed_max_vcpus is ${var.batch_distributed_max_vcpus}. Give a whole number from 1."
  }
}

variable "batch_distributed_zone_id" {
  description = "Zone of the multi-node hosts, by id, such as use1-az1. Empty: the first zone of the job subnets that offers every listed type."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.batch_distributed_zone_id == "" || can(regex("^[a-z]{2,4}[0-9]-az[0-9]+$", var.batch_distributed_zone_id))
    error_message = "batch_distributed_zone_id is ${var.batch_distributed_zone_id}, which is not a zone id. Give an id such as use1-az1; names such as us-east-1a differ between accounts."
  }
}

variable "batch_distributed_ami_id" {
  description = "Image of your own for multi-node hosts (ami-...), with the ECS agent and the EFA driver. Empty: the image that AWS Batch chooses, which has the EFA driver for GPU types."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.batch_distributed_ami_id == "" || can(regex("^ami-[0-9a-f]{8,17}$", var.batch_distributed_ami_id))
    error_message = "batch_distributed_ami_id is ${var.batch_distributed_ami_id}, which is not an image id. Give ami- and 8 to 17 hexadecimal digits, or leave it empty."
  }
}

variable "batch_distributed_efa" {
  description = "Whether multi-node hosts use EFA if every listed type has it."
  type        = bool
  default     = true
  nullable    = false
}

variable "batch_priority_queues" {
  description = "Whether a high- and a low-priority queue stand beside each queue, on the same environments."
  type        = bool
  default     = false
  nullable    = false
}

variable "batch_fair_share" {
  description = "Whether queues share by weight in place of first in, first out. Jobs then must name a share identifier. A queue cannot change: switching makes new queues with other names."
  type        = bool
  default     = false
  nullable    = false
}

variable "batch_fair_share_weights" {
  description = "Weight factor by share identifier; a lower factor gets more. An identifier may end in * for all that begin so."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for weight in values(var.batch_fair_share_weights) : weight >= 0.0001 && weight <= 999.9999])
    error_message = "A weight in batch_fair_share_weights is out of range. Give 0.0001 to 999.9999; a lower factor gets more."
  }

  validation {
    condition     = alltrue([for name in keys(var.batch_fair_share_weights) : can(regex("^[A-Za-z0-9]{1,254}[*]?$", name))])
    error_message = "A share identifier in batch_fair_share_weights is not valid. Use letters and digits, with at most one * at the end."
  }

  validation {
    condition     = var.batch_fair_share || length(var.batch_fair_share_weights) == 0
    error_message = "batch_fair_share_weights has no effect without fair share. Set batch_fair_share = true, or leave the weights empty."
  }
}

variable "batch_fair_share_decay_seconds" {
  description = "How long past use counts against a share, in seconds."
  type        = number
  default     = 3600
  nullable    = false

  validation {
    condition = (
      var.batch_fair_share_decay_seconds == floor(var.batch_fair_share_decay_seconds)
      && var.batch_fair_share_decay_seconds >= 0
      && var.batch_fair_share_decay_seconds <= 604800
    )
    error_message = "batch_fair_share_decay_seconds is ${var.batch_fair_share_decay_seconds}. Give 0 (which AWS takes as 600) to 604800."
  }
}

variable "batch_fair_share_reservation" {
  description = "Share of capacity kept free for shares that are not active, in percent."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition = (
      var.batch_fair_share_reservation == floor(var.batch_fair_share_reservation)
      && var.batch_fair_share_reservation >= 0
      && var.batch_fair_share_reservation <= 99
    )
    error_message = "batch_fair_share_reservation is ${var.batch_fair_share_reservation}. Give a whole number from 0 to 99."
  }
}

variable "batch_runnable_timeout_seconds" {
  description = "After how many seconds at the head of a queue a job that cannot be placed is cancelled, so that it does not block the others. 0: never."
  type        = number
  default     = 86400
  nullable    = false

  validation {
    condition = (
      var.batch_runnable_timeout_seconds == 0
      || (
        var.batch_runnable_timeout_seconds == floor(var.batch_runnable_timeout_seconds)
        && var.batch_runnable_timeout_seconds >= 600
        && var.batch_runnable_timeout_seconds <= 86400
      )
    )
    error_message = "batch_runnable_timeout_seconds is ${var.batch_runnable_timeout_seconds}. AWS takes 600 to 86400 seconds; 0 switches it off."
  }
}

variable "batch_job_attempts" {
  description = "Attempts of a job whose Spot host is reclaimed or whose image could not be pulled. Other failures are not retried."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = contains([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], var.batch_job_attempts)
    error_message = "batch_job_attempts is ${var.batch_job_attempts}. AWS takes 1 to 10."
  }
}

variable "batch_generation" {
  description = "Any other number than before makes new environments: with the newest machine image, and in the subnets that the network has now."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.batch_generation == floor(var.batch_generation) && var.batch_generation >= 1
    error_message = "batch_generation is ${var.batch_generation}. Give a whole number from 1."
  }
}

variable "batch_image_release" {
  description = "Label of the hosts' machine image, such as 2026-11. With any label, new environments take the image that AWS recommends at that moment (from SSM) and keep it; another label makes new environments with the image of then. Empty: the image that AWS Batch chooses when an environment is made."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{0,64}$", var.batch_image_release))
    error_message = "batch_image_release is ${var.batch_image_release}. Use up to 64 letters, digits, dots, hyphens and underscores, such as 2026-11, or leave it empty."
  }

  validation {
    condition = (
      var.batch_image_release == ""
      || var.batch_gpu_ami_id != ""
      || alltrue([
        for type in flatten([for name in var.batch_gpu_instance_types : lookup(local.instance_families, name, [name])]) :
        try(local.instance_types[type].architecture, "x86_64") == "x86_64"
      ])
    )
    error_message = "AWS names no recommended GPU image for arm64 types. Set batch_gpu_ami_id, or leave batch_image_release empty."
  }
}

variable "batch_volume_kms_key_arn" {
  description = "KMS key of the hosts' root volumes. Its policy must let AWSServiceRoleForAutoScaling use it, or no host starts. Empty: the account's default key for EBS."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition = (
      var.batch_volume_kms_key_arn == "" || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.batch_volume_kms_key_arn))
    )
    error_message = "batch_volume_kms_key_arn is ${var.batch_volume_kms_key_arn}, which is not the ARN of a KMS key. Give arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "batch_retained_environments" {
  description = "Environments of earlier settings that stay although no queue uses them, by name, each ENABLED or DISABLED. refrag infra fills it from the state; without it, Terraform waits until they are empty and removes them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for state in values(var.batch_retained_environments) : contains(["ENABLED", "DISABLED"], state)])
    error_message = "batch_retained_environments holds a state other than ENABLED and DISABLED. Give each environment one of these."
  }

  validation {
    condition = alltrue([
      for name in keys(var.batch_retained_environments) :
      can(regex("^${var.name_prefix}-((cpu|gpu)(-on-demand)?|distributed)-compute-env(-[0-9a-f]{8})?$", name))
    ])
    error_message = "batch_retained_environments names an environment that is not of this stack: ${join(", ", [for name in keys(var.batch_retained_environments) : name if !can(regex("^${var.name_prefix}-((cpu|gpu)(-on-demand)?|distributed)-compute-env(-[0-9a-f]{8})?$", name))])}. List only names that this stack has given."
  }
}

variable "batch_drain_before_removal" {
  description = "Whether Terraform waits until a queue or environment is empty before it removes it. It needs the AWS CLI on PATH. false kills what still runs there."
  type        = bool
  default     = true
  nullable    = false
}

variable "batch_drain_timeout_minutes" {
  description = "How long such a wait may take, in minutes; after that the removal fails and nothing is lost."
  type        = number
  default     = 1440
  nullable    = false

  validation {
    condition = (
      var.batch_drain_timeout_minutes == floor(var.batch_drain_timeout_minutes)
      && var.batch_drain_timeout_minutes >= 1
      && var.batch_drain_timeout_minutes <= 20160
    )
    error_message = "batch_drain_timeout_minutes is ${var.batch_drain_timeout_minutes}. Give 1 to 20160 minutes; to remove without waiting set batch_drain_before_removal = false."
  }
}

variable "alert_emails" {
  description = "Who gets the budget alert and, with batch_notifications, the alerts of the SNS topic."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.alert_emails : can(regex("^[^@\\s]+@[^@\\s]+$", address))])
    error_message = "alert_emails holds something that is no e-mail address. Give addresses such as team@example.com."
  }
}

variable "batch_notifications" {
  description = "Whether an SNS topic gets blocked queues, failed jobs and alarms."
  type        = bool
  default     = false
  nullable    = false
}

variable "budget_monthly_usd" {
  description = "Monthly budget of this stack in USD, with alerts. 0: none."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.budget_monthly_usd >= 0
    error_message = "budget_monthly_usd is ${var.budget_monthly_usd}. Give an amount in USD, or 0 for no budget."
  }

  validation {
    condition     = var.budget_monthly_usd == 0 || length(var.alert_emails) > 0
    error_message = "A budget without readers alerts no one. List addresses in alert_emails, or set budget_monthly_usd = 0."
  }

  validation {
    condition     = var.budget_monthly_usd == 0 || !can(regex("^(cn|us-gov|us-iso[a-z]*)-", var.region))
    error_message = "AWS Budgets does not exist in the partition of ${var.region}. Set budget_monthly_usd = 0."
  }
}

variable "budget_alert_percent" {
  description = "At what percentage of the budget really spent the alert is sent. A forecast above 100 % always alerts."
  type        = number
  default     = 80
  nullable    = false

  validation {
    condition     = var.budget_alert_percent > 0 && var.budget_alert_percent <= 1000
    error_message = "budget_alert_percent is ${var.budget_alert_percent}. Give more than 0 and at most 1000."
  }
}

variable "batch_monitoring" {
  description = "Whether there are an alarm on the growth of each queue and a dashboard."
  type        = bool
  default     = false
  nullable    = false
}

variable "batch_monitoring_log_policy" {
  description = "Whether batch_monitoring makes the policy that lets EventBridge write to its log group. An account has room for ten such policies in a region: where a shared one covers /aws/events/*, set false."
  type        = bool
  default     = true
  nullable    = false
}

variable "queue_growth_alarm_jobs" {
  description = "By how many waiting jobs a queue may grow in an hour before its alarm rings."
  type        = number
  default     = 100
  nullable    = false

  validation {
    condition     = var.queue_growth_alarm_jobs == floor(var.queue_growth_alarm_jobs) && var.queue_growth_alarm_jobs >= 1
    error_message = "queue_growth_alarm_jobs is ${var.queue_growth_alarm_jobs}. Give a whole number from 1."
  }
}
