# What every job definition says: image, roles, logs, and what only a definition can give a job: limits, volumes, secrets, a time limit.
locals {
  # Members that are not asked for are left out, so that a definition does not change with a release of this stack.
  job_properties = merge(
    {
      image            = local.job_image
      command          = []
      jobRoleArn       = aws_iam_role.job.arn
      executionRoleArn = aws_iam_role.execution.arn
      logConfiguration = {
        logDriver = "awslogs"
        options = merge(
          {
            awslogs-group         = aws_cloudwatch_log_group.jobs.name
            awslogs-region        = var.region
            awslogs-stream-prefix = var.name_prefix
          },
          var.batch_job_log_mode == "" ? {} : { mode = var.batch_job_log_mode },
          var.batch_job_log_mode == "non-blocking" ? { max-buffer-size = "${var.batch_job_log_buffer_mib}m" } : {},
        )
      }
    },
    { for member, values in {
      ulimits = [for name, limit in var.batch_job_ulimits : { name = name, softLimit = limit, hardLimit = limit }]
      volumes = [for name, volume in local.job_volumes : merge({ name = name }, volume.source)]
      mountPoints = [
        for name, volume in local.job_volumes : { sourceVolume = name, containerPath = volume.container_path, readOnly = volume.read_only }
      ]
      secrets = [for name, arn in var.batch_job_secrets : { name = name, valueFrom = arn }]
    } : member => values if length(values) > 0 },
  )
  job_timeouts = var.batch_job_timeout_seconds == 0 ? [] : [var.batch_job_timeout_seconds]

  # Where hosts mount their instance store (launch_template.tf).
  local_storage_path = "/mnt/local"
  job_volumes = merge(
    var.batch_local_storage_path == "" ? {} : {
      local-storage = {
        container_path = var.batch_local_storage_path
        read_only      = false
        source         = { host = { sourcePath = local.local_storage_path } }
      }
    },
    { for name, volume in var.batch_job_volumes : name => {
      container_path = volume.container_path
      read_only      = volume.read_only
      source = jsondecode(volume.host_path != "" ? jsonencode({ host = { sourcePath = volume.host_path } }) : jsonencode({
        efsVolumeConfiguration = merge(
          { fileSystemId = volume.efs_file_system_id, rootDirectory = volume.efs_root_directory, transitEncryption = "ENABLED" },
          {
            authorizationConfig = merge(
              { iam = "ENABLED" }, volume.efs_access_point_id == "" ? {} : { accessPointId = volume.efs_access_point_id }
            )
          },
        )
      }))
    } },
  )
  job_file_system_arns = distinct([
    for volume in values(var.batch_job_volumes) :
    "arn:${local.partition}:elasticfilesystem:${var.region}:${local.account_id}:file-system/${volume.efs_file_system_id}"
    if volume.efs_file_system_id != ""
  ])

  # A secret's ARN may continue with the name of a member and a version, which are not part of what rights are given to.
  job_secret_arns = distinct([
    for arn in values(var.batch_job_secrets) : join(":", slice(split(":", arn), 0, min(7, length(split(":", arn)))))
  ])
}
