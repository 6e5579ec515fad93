# The account around the queues: region, names, network, image, rights, logs.

variable "region" {
  description = "AWS region of this stack. One state per region: see regions/."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", var.region))
    error_message = "region is ${var.region}, which is no AWS region. Give a name such as us-east-1."
  }
}

variable "name_prefix" {
  description = "Start of every name in this stack. A second stack in the same region needs another, and neither may begin with the other and a hyphen (refrag and refrag-test): rights are given by the beginning of names."
  type        = string
  default     = "refrag"
  nullable    = false

  validation {
    condition = (
      can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name_prefix)) && length(var.name_prefix) >= 2 && length(var.name_prefix) <= 24
    )
    error_message = "name_prefix is ${var.name_prefix}. Use 2 to 24 lower-case letters, digits and single hyphens, beginning with a letter and not ending with a hyphen: ECR and IAM limit the names built from it."
  }
}

variable "tags" {
  description = "Tags on everything, instances and volumes included, beside project and managed-by. Job tags count too: AWS fails a job with more than 50."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 40
    error_message = "tags has ${length(var.tags)} entries. Keep at most 40: AWS allows 50 on a job, and its own need room."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : !startswith(lower(key), "aws:")])
    error_message = "A key in tags begins with aws:, which AWS keeps for itself. Rename it."
  }
}

variable "network_mode" {
  description = "Where jobs run: default (the default VPC), subnets (network_subnet_ids), or own (a new VPC)."
  type        = string
  default     = "default"
  nullable    = false

  validation {
    condition     = contains(["default", "subnets", "own"], var.network_mode)
    error_message = "network_mode is ${var.network_mode}. Use default, subnets or own."
  }
}

variable "network_subnet_ids" {
  description = "Subnets of one VPC for network_mode = \"subnets\". They need a way to ECR, ECS, S3 and CloudWatch Logs."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = var.network_mode == "subnets" ? length(var.network_subnet_ids) > 0 : length(var.network_subnet_ids) == 0
    error_message = "network_subnet_ids and network_mode do not agree. List subnet ids together with network_mode = \"subnets\", or leave the list empty."
  }

  validation {
    condition     = alltrue([for id in var.network_subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])
    error_message = "network_subnet_ids holds something that is no subnet id. Give subnet- and 8 to 17 hexadecimal digits."
  }
}

variable "network_vpc_cidr" {
  description = "Address block of the own VPC."
  type        = string
  default     = "10.42.0.0/16"
  nullable    = false

  validation {
    condition = (
      can(cidrsubnet(var.network_vpc_cidr, 4, 15))
      && try(tonumber(split("/", var.network_vpc_cidr)[1]) >= 16 && tonumber(split("/", var.network_vpc_cidr)[1]) <= 22, false)
    )
    error_message = "network_vpc_cidr is ${var.network_vpc_cidr}. Give an IPv4 block between /16 and /22, such as 10.42.0.0/16."
  }
}

variable "network_zone_count" {
  description = "Availability zones of the own VPC, one subnet each. More zones find more Spot capacity."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = contains([1, 2, 3, 4, 5, 6], var.network_zone_count)
    error_message = "network_zone_count is ${var.network_zone_count}. Give 1 to 6, no more than the region has zones."
  }
}

variable "network_excluded_zone_ids" {
  description = "Zones (by id, such as use1-az3) in which the own VPC gets no subnet. Counts when a subnet is made; one that exists stays."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.network_excluded_zone_ids : can(regex("^[a-z]{2,4}[0-9]-az[0-9]+$", id))])
    error_message = "network_excluded_zone_ids holds something that is not a zone id. Give ids such as use1-az3, which are the same in every account; names such as us-east-1a are not."
  }
}

variable "network_zone_ids" {
  description = "Zones (by id, such as use1-az1) of the own VPC, as many as network_zone_count. Empty: zones that offer the instance types. Counts when a subnet is made; one that exists stays."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.network_zone_ids : can(regex("^[a-z]{2,4}[0-9]-az[0-9]+$", id))])
    error_message = "network_zone_ids holds a value that is not a zone id. Give ids such as use1-az3, which are the same in every account; names such as us-east-1a are not."
  }

  validation {
    condition     = length(var.network_zone_ids) == 0 || length(var.network_zone_ids) == var.network_zone_count
    error_message = "network_zone_ids names ${length(var.network_zone_ids)} zones, and network_zone_count is ${var.network_zone_count}. Set both to the same number."
  }
}

variable "network_nat" {
  description = "NAT of the own VPC: none (hosts have public addresses), single (one gateway), or per_zone (one in each zone). With NAT hosts have no public addresses, and nodes of multi-node jobs reach the internet, which they cannot without. A gateway costs by the hour and by traffic."
  type        = string
  default     = "none"
  nullable    = false

  validation {
    condition     = contains(["none", "single", "per_zone"], var.network_nat)
    error_message = "network_nat is ${var.network_nat}. Use none, single or per_zone."
  }

  validation {
    condition     = var.network_nat == "none" || (var.network_mode == "own" && !var.network_private)
    error_message = "network_nat needs an own VPC with a way to the internet. Set network_mode = \"own\" and network_private = false, or leave network_nat \"none\"."
  }
}

variable "network_endpoints" {
  description = "Interface endpoints of the own VPC, by service, such as [\"ecr.api\", \"ecr.dkr\", \"ssmmessages\"]. null: what hosts need if network_private is set (ecr.api, ecr.dkr, ecs, ecs-agent, ecs-telemetry, logs, sts), else none."
  type        = list(string)
  default     = null

  validation {
    condition     = var.network_endpoints == null || var.network_mode == "own"
    error_message = "network_endpoints concerns only an own VPC. Set network_mode = \"own\", or leave network_endpoints null."
  }

  validation {
    condition = (
      !var.network_private
      || length(setsubtract(
        ["ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "logs"],
        coalesce(var.network_endpoints, ["ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "logs"]),
      )) == 0
    )
    error_message = "network_endpoints lacks services that hosts without the internet need. Add ${join(", ", setsubtract(["ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "logs"], coalesce(var.network_endpoints, [])))}, or set network_private = false."
  }
}

variable "network_s3_endpoint" {
  description = "Whether the default VPC's main route table, or network_s3_route_table_ids, get an S3 gateway endpoint, which costs nothing. A table can have only one. An own VPC always has it."
  type        = bool
  default     = false
  nullable    = false
}

variable "network_s3_route_table_ids" {
  description = "Route tables of network_subnet_ids that get the S3 gateway endpoint."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = (var.network_mode == "subnets" && var.network_s3_endpoint) == (length(var.network_s3_route_table_ids) > 0)
    error_message = "network_s3_route_table_ids belongs to network_mode = \"subnets\" with network_s3_endpoint = true. List the subnets' route tables, or leave both unset."
  }
}

variable "network_private" {
  description = "Whether the own VPC has no internet gateway; it then gets endpoints for ECS, logs and STS too, which cost by the hour."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.network_private || var.network_mode == "own"
    error_message = "network_private concerns only an own VPC. Set network_mode = \"own\", or leave network_private false."
  }
}

variable "job_image" {
  description = "Image of the job definitions. Empty: this stack's ECR repository with job_image_tag."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.job_image == "" || can(regex("^[^\\s]+[:@][^\\s]+$", var.job_image))
    error_message = "job_image is ${var.job_image}, without a tag or digest. Name one, such as repository:1.0.0, so that a job definition always means the same image."
  }
}

variable "job_image_tag" {
  description = "Tag of the image in this stack's ECR repository. Tags there are immutable: push a new one for a new image."
  type        = string
  default     = "1.0.0"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", var.job_image_tag))
    error_message = "job_image_tag is ${var.job_image_tag}. Use up to 128 letters, digits, dots, hyphens or underscores, not beginning with a dot or hyphen."
  }
}

variable "job_s3_bucket_arns" {
  description = "Buckets beside job_bucket that jobs may read and write. Empty: none."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.job_s3_bucket_arns : can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]+$", arn))])
    error_message = "job_s3_bucket_arns holds something that is no bucket ARN. Give arn:aws:s3:::NAME without a path."
  }
}

variable "job_bucket" {
  description = "Whether there is a bucket for the code that jobs bring (env.code) and for their results (env.results): private, encrypted, reached over TLS only. Jobs may read the code, and read and write the results. false: none, or one of your own in job_s3_bucket_arns."
  type        = bool
  default     = false
  nullable    = false
}

variable "job_bucket_code_days" {
  description = "Days after which code in job_bucket is removed. They count from the upload; a submission of the same code starts them anew, a waiting job does not. Longer than the longest wait of a job with all its retries."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.job_bucket_code_days == floor(var.job_bucket_code_days) && var.job_bucket_code_days >= 7
    error_message = "job_bucket_code_days is ${var.job_bucket_code_days}. Give a whole number from 7: a job that waits longer would lose its code."
  }
}

variable "job_bucket_result_days" {
  description = "Days after which results in job_bucket are removed, counted from when each file was stored. 0: never."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.job_bucket_result_days == floor(var.job_bucket_result_days) && var.job_bucket_result_days >= 0
    error_message = "job_bucket_result_days is ${var.job_bucket_result_days}. Give a whole number of days, or 0 to keep results."
  }
}

variable "job_bucket_force_destroy" {
  description = "Whether job_bucket goes with the code and the results in it when it is removed. false: removal is refused while it holds anything."
  type        = bool
  default     = false
  nullable    = false
}

variable "job_ecr_repository_arns" {
  description = "Further ECR repositories that hosts may pull from, for a job_image of your own."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for arn in var.job_ecr_repository_arns : can(regex("^arn:aws[a-z-]*:ecr:[a-z0-9-]+:[0-9]{12}:repository/.+$", arn))
    ])
    error_message = "job_ecr_repository_arns holds something that is no ECR repository ARN. Give arn:aws:ecr:REGION:ACCOUNT:repository/NAME."
  }
}

variable "iam_permissions_boundary_arn" {
  description = "Permissions boundary of the stack's roles, for accounts that demand one. Empty: none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition = (
      var.iam_permissions_boundary_arn == ""
      || can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+$", var.iam_permissions_boundary_arn))
    )
    error_message = "iam_permissions_boundary_arn is ${var.iam_permissions_boundary_arn}, which is not the ARN of a policy. Give arn:aws:iam::ACCOUNT:policy/NAME."
  }
}

variable "iam_path" {
  description = "IAM path of the stack's roles and of the instance profile. It cannot be changed after the first apply: AWS makes no second role of the same name, and the environments use the instance profile."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([A-Za-z0-9+=,.@_-]+/)*$", var.iam_path))
    error_message = "iam_path is ${var.iam_path}. Begin and end it with a slash, such as /batch/."
  }
}

variable "ecr_images_kept" {
  description = "How many images whose tag begins with one of ecr_expiring_tag_prefixes the repository keeps; older ones expire."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.ecr_images_kept == floor(var.ecr_images_kept) && var.ecr_images_kept >= 1 && var.ecr_images_kept <= 1000
    error_message = "ecr_images_kept is ${var.ecr_images_kept}. Give a whole number from 1 to 1000."
  }
}

variable "ecr_expiring_tag_prefixes" {
  description = "Images with such tags expire when they are more than ecr_images_kept. No other tagged image ever expires: a job definition may name it."
  type        = list(string)
  default     = ["ci-"]
  nullable    = false

  validation {
    condition = alltrue([
      for prefix in var.ecr_expiring_tag_prefixes :
      can(regex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", prefix)) && !startswith(var.job_image_tag, prefix)
    ])
    error_message = "ecr_expiring_tag_prefixes holds a prefix that is not valid or that job_image_tag (${var.job_image_tag}) begins with, so that the job definitions' own image would expire. Give prefixes such as ci-."
  }
}

variable "ecr_force_delete" {
  description = "Whether terraform destroy removes the repository with the images in it."
  type        = bool
  default     = false
  nullable    = false
}

variable "log_retention_days" {
  description = "Days that job logs are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days
    )
    error_message = "log_retention_days is ${var.log_retention_days}, which CloudWatch does not offer. Use 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 or a longer period that it offers."
  }
}

variable "log_keep_on_destroy" {
  description = "Whether the log group stays, with what it holds, when the stack is destroyed. Not with log_encryption_key, whose key goes with the stack."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.log_keep_on_destroy || !var.log_encryption_key
    error_message = "log_keep_on_destroy would keep logs that become unreadable 30 days after a destroy, because the key of log_encryption_key goes with the stack. Name a key that is not of the stack in log_kms_key_arn, or set log_keep_on_destroy = false."
  }
}

variable "log_kms_key_arn" {
  description = "KMS key for job logs that is not of this stack; its policy must let CloudWatch Logs use it. Empty: none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.log_kms_key_arn == "" || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.log_kms_key_arn))
    error_message = "log_kms_key_arn is ${var.log_kms_key_arn}, which is not the ARN of a KMS key. Give arn:aws:kms:REGION:ACCOUNT:key/ID."
  }

  validation {
    condition     = var.log_kms_key_arn == "" || !var.log_encryption_key
    error_message = "log_kms_key_arn and log_encryption_key exclude each other. Name a key, or have the stack make one."
  }
}

variable "log_encryption_key" {
  description = "Whether job logs are encrypted with a KMS key of this stack, which costs about one USD a month, in place of CloudWatch's own. Switching it off again schedules the key's deletion, and logs written with it become unreadable after 30 days."
  type        = bool
  default     = false
  nullable    = false
}

variable "create_service_linked_role" {
  description = "Whether to make AWSServiceRoleForBatch. Batch makes it by itself if the caller may; where it exists already, true fails."
  type        = bool
  default     = false
  nullable    = false
}
