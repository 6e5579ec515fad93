# The four names that the launcher has always read; null while batch_queue_layout is "single".
output "batch_cpu_job_queue_name" {
  description = "Queue for jobs without GPUs."
  value       = one(aws_batch_job_queue.cpu_queue[*].name)
}

output "batch_cpu_job_definition_name" {
  description = "Job definition for jobs without GPUs."
  value       = one(aws_batch_job_definition.cpu_jobdef[*].name)
}

output "batch_gpu_job_queue_name" {
  description = "Queue for jobs with GPUs."
  value       = one(aws_batch_job_queue.gpu_queue[*].name)
}

output "batch_gpu_job_definition_name" {
  description = "Job definition for jobs with GPUs."
  value       = one(aws_batch_job_definition.gpu_jobdef[*].name)
}

output "batch_distributed_job_queue_name" {
  description = "Queue for multi-node jobs; null without batch_distributed."
  value       = one(aws_batch_job_queue.distributed[*].name)
}

output "batch_distributed_job_definition_name" {
  description = "Job definition of one node, a whole host, for multi-node jobs; null without batch_distributed."
  value       = one(aws_batch_job_definition.distributed[*].name)
}

output "batch_distributed_compute_environment_names" {
  description = "The multi-node queue's compute environment; empty without batch_distributed."
  value       = local.current_names["distributed"]
}

output "batch_distributed_efa_interfaces" {
  description = "EFA interfaces of a host for multi-node jobs; 0 where a type has none."
  value       = local.efa_interfaces
}

output "batch_job_queue_name" {
  description = "The single queue of old; null unless batch_queue_layout keeps it."
  value       = one(aws_batch_job_queue.queue[*].name)
}

output "batch_job_definition_name" {
  description = "The single queue's job definition; null unless batch_queue_layout keeps it."
  value       = one(aws_batch_job_definition.jobdef[*].name)
}

output "batch_cpu_compute_environment_names" {
  description = "The CPU queue's compute environments, in the order in which Batch tries them."
  value       = concat(local.current_names["cpu"], local.current_names["cpu_on_demand"])
}

output "batch_gpu_compute_environment_names" {
  description = "The GPU queue's compute environments, in the order in which Batch tries them."
  value       = concat(local.current_names["gpu"], local.current_names["gpu_on_demand"])
}

output "batch_retained_environment_names" {
  description = "Environments of earlier settings, which no queue uses; refrag infra cleanup removes them when they are empty."
  value       = sort(flatten(values(local.retained_names)))
}

output "batch_priority_queue_names" {
  description = "Queues by kind and priority (cpu-high, cpu-low, gpu-high, gpu-low); empty without batch_priority_queues."
  value       = { for key, queue in aws_batch_job_queue.priority : key => queue.name }
}

output "batch_on_demand_queue_names" {
  description = "Queues by kind (cpu, gpu) that are on demand alone; empty without batch_on_demand_fallback."
  value       = { for key, queue in aws_batch_job_queue.on_demand : key => queue.name }
}

output "batch_cpu_types_that_fit" {
  description = "The listed instance types that can host the CPU definition."
  value       = local.cpu_types_that_fit
}

output "batch_gpu_types_that_fit" {
  description = "The listed instance types that can host the GPU definition."
  value       = local.gpu_types_that_fit
}

output "job_security_group_id" {
  description = "Security group of job hosts. A file system or database that jobs use must let it in."
  value       = aws_security_group.jobs.id
}

output "region" {
  description = "Region of this stack."
  value       = var.region
}

output "job_image" {
  description = "Image of the job definitions."
  value       = local.job_image
}

output "ecr_repository_url" {
  description = "Where to push job images."
  value       = aws_ecr_repository.jobs.repository_url
}

output "log_group_name" {
  description = "Log group of the jobs."
  value       = aws_cloudwatch_log_group.jobs.name
}

output "alerts_topic_arn" {
  description = "SNS topic of the alerts; null without batch_notifications."
  value       = one(aws_sns_topic.alerts[*].arn)
}
