locals {
  size = [{ type = "VCPU", value = "1" }, { type = "MEMORY", value = tostring(512 * local.step) }]
  busy = { image = "busybox", command = ["true"], resourceRequirements = local.size }
  containers = {
    minimal = { image = "busybox", resourceRequirements = local.size }
    older   = { image = "busybox", vcpus = local.step, memory = 256, command = ["true"] }
    gpu     = { image = "busybox", resourceRequirements = concat(local.size, [{ type = "GPU", value = "1" }]) }
    environment = {
      image                = "busybox"
      resourceRequirements = local.size
      environment          = [{ name = "STEP", value = tostring(local.step) }, { name = "B", value = "b" }, { name = "A", value = "a" }]
    }
    empty_lists = {
      image   = "busybox", resourceRequirements = local.size, command = [], environment = [], mountPoints = [], volumes = [],
      ulimits = [], secrets = []
    }
    roles = merge(local.busy, { jobRoleArn = local.job_role, executionRoleArn = local.job_role, user = "1000" })
    host = merge(local.busy, {
      privileged             = true
      readonlyRootFilesystem = true
      volumes                = [{ name = "tmp", host = { sourcePath = "/tmp" } }]
      mountPoints            = [{ sourceVolume = "tmp", containerPath = "/scratch", readOnly = false }]
      ulimits                = [{ name = "nofile", softLimit = 1024, hardLimit = 4096 }]
    })
    linux = merge(local.busy, {
      linuxParameters = {
        devices            = [{ hostPath = "/dev/null", containerPath = "/dev/zilch", permissions = ["READ", "WRITE"] }]
        initProcessEnabled = true
        sharedMemorySize   = 64
        tmpfs              = [{ containerPath = "/fast", size = 16, mountOptions = ["noexec"] }]
        maxSwap            = 0
        swappiness         = 10
      }
    })
    logs = merge(local.busy, {
      logConfiguration = {
        logDriver = "awslogs"
        options   = { awslogs-group = "/jobs", awslogs-stream-prefix = "step-${local.step}" }
      }
    })
    secrets = merge(local.busy, {
      executionRoleArn      = local.job_role
      secrets               = [{ name = "KEY", valueFrom = "arn:aws:ssm:us-east-1:000000000000:parameter/key" }]
      repositoryCredentials = { credentialsParameter = "arn:aws:secretsmanager:us-east-1:000000000000:secret:registry" }
    })
    efs = merge(local.busy, {
      jobRoleArn = local.job_role
      volumes = [{ name = "share", efsVolumeConfiguration = {
        fileSystemId        = "fs-01234567", rootDirectory = "/", transitEncryption = "ENABLED", transitEncryptionPort = 2049,
        authorizationConfig = { accessPointId = "fsap-0123456789abcdef0", iam = "ENABLED" }
      } }]
      mountPoints = [{ sourceVolume = "share", containerPath = "/share" }]
    })
  }
  task_container = {
    name        = "main", image = "busybox", essential = true, command = ["true"], resourceRequirements = local.size
    dependsOn   = [{ containerName = "first", condition = "SUCCESS" }]
    environment = [{ name = "STEP", value = tostring(local.step) }]
  }
  task = {
    ipcMode = "task", pidMode = "task", executionRoleArn = local.job_role, taskRoleArn = local.job_role,
    containers = [
      local.task_container,
      { name = "first", image = "busybox", essential = false, command = ["true"], resourceRequirements = local.size },
    ]
  }
}

resource "aws_batch_job_definition" "container" {
  for_each             = local.containers
  name                 = "container-${each.key}"
  type                 = "container"
  container_properties = jsonencode(each.value)
}

resource "aws_batch_job_definition" "all" {
  name                       = "all"
  type                       = "container"
  platform_capabilities      = ["EC2"]
  propagate_tags             = var.changed
  scheduling_priority        = 5 * local.step
  deregister_on_new_revision = false
  parameters                 = { word = "step-${local.step}" }
  container_properties       = jsonencode({ image = "busybox", command = ["echo", "Ref::word"], resourceRequirements = local.size })
  retry_strategy {
    attempts = 1 + local.step
    evaluate_on_exit {
      action           = "RETRY"
      on_status_reason = "Host EC2*"
    }
    evaluate_on_exit {
      action       = "exit"
      on_reason    = "*"
      on_exit_code = "1*"
    }
  }
  timeout {
    attempt_duration_seconds = 60 * local.step
  }
  tags = local.step_tags
}

resource "aws_batch_job_definition" "fargate" {
  name                  = "fargate"
  type                  = "container"
  platform_capabilities = ["FARGATE"]
  container_properties = jsonencode({
    image                        = "busybox"
    executionRoleArn             = local.job_role
    resourceRequirements         = [{ type = "VCPU", value = "0.25" }, { type = "MEMORY", value = tostring(512 * local.step) }]
    fargatePlatformConfiguration = { platformVersion = "1.4.0" }
    networkConfiguration         = { assignPublicIp = "ENABLED" }
    runtimePlatform              = { cpuArchitecture = "X86_64", operatingSystemFamily = "LINUX" }
    ephemeralStorage             = { sizeInGiB = 30 }
  })
}

resource "aws_batch_job_definition" "nodes" {
  name = "nodes"
  type = "multinode"
  node_properties = jsonencode({
    mainNode = 0
    numNodes = 1 + local.step
    nodeRangeProperties = [
      { targetNodes = "0:0", container = local.busy },
      { targetNodes = "1:", container = merge(local.busy, { command = ["sleep", "1"] }) },
    ]
  })
}

resource "aws_batch_job_definition" "node_tasks" {
  name = "node-tasks"
  type = "multinode"
  node_properties = jsonencode({
    mainNode            = 0
    numNodes            = 2
    nodeRangeProperties = [{ targetNodes = "0:1", ecsProperties = { taskProperties = [local.task] } }]
  })
}

resource "aws_batch_job_definition" "tasks" {
  name           = "tasks"
  type           = "container"
  ecs_properties = jsonencode({ taskProperties = [local.task] })
}

resource "aws_batch_job_definition" "eks_minimal" {
  name = "eks-minimal"
  type = "container"
  eks_properties {
    pod_properties {
      containers {
        image = "busybox"
        resources {
          limits = { cpu = "1", memory = "${512 * local.step}Mi" }
        }
      }
    }
  }
}

resource "aws_batch_job_definition" "eks" {
  name = "eks"
  type = "container"
  eks_properties {
    pod_properties {
      dns_policy              = "ClusterFirst"
      host_network            = false
      service_account_name    = "jobs"
      share_process_namespace = true
      image_pull_secret {
        name = "registry"
      }
      init_containers {
        name    = "first"
        image   = "busybox"
        command = ["true"]
        resources {
          limits = { cpu = "1", memory = "512Mi" }
        }
      }
      containers {
        name              = "main"
        image             = "busybox"
        image_pull_policy = "IfNotPresent"
        command           = ["echo"]
        args              = ["step", tostring(local.step)]
        env {
          name  = "STEP"
          value = tostring(local.step)
        }
        resources {
          limits   = { cpu = "1", memory = "1024Mi" }
          requests = { cpu = "1", memory = "1024Mi" }
        }
        security_context {
          privileged                 = false
          read_only_root_file_system = true
          run_as_group               = 1000
          run_as_non_root            = true
          run_as_user                = 1000
        }
        volume_mounts {
          name       = "fast"
          mount_path = "/fast"
          read_only  = false
        }
      }
      metadata {
        labels = { team = "a" }
      }
      volumes {
        name = "fast"
        empty_dir {
          medium     = "Memory"
          size_limit = "64Mi"
        }
      }
      volumes {
        name = "host"
        host_path {
          path = "/tmp"
        }
      }
      volumes {
        name = "keys"
        secret {
          secret_name = "keys"
          optional    = true
        }
      }
    }
  }
}

data "aws_batch_job_definition" "all" {
  name     = aws_batch_job_definition.all.name
  revision = aws_batch_job_definition.all.revision
}
