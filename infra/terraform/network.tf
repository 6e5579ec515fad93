# Where jobs run: the default VPC, given subnets, or an own VPC with endpoints for S3 and ECR.
data "aws_vpc" "default" {
  count   = var.network_mode == "default" ? 1 : 0
  default = true
}

data "aws_subnets" "default" {
  count = var.network_mode == "default" ? 1 : 0

  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default[0].id]
  }

  # Not what somebody has added for another purpose, and not a Local Zone, which has few instance types.
  filter {
    name   = "default-for-az"
    values = ["true"]
  }
}

data "aws_subnet" "given" {
  count = var.network_mode == "subnets" ? 1 : 0
  id    = var.network_subnet_ids[0]
}

data "aws_availability_zones" "available" {
  count = var.network_mode == "own" ? 1 : 0
  state = "available"

  # Not Local and Wavelength Zones that the account has opted in to: their names sort first, and they have few instance types.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  exclude_zone_ids = var.network_excluded_zone_ids
}

locals {
  own = var.network_mode == "own" ? 1 : 0
  vpc_id = one(concat(
    data.aws_vpc.default[*].id,
    data.aws_subnet.given[*].vpc_id,
    aws_vpc.own[*].id,
  ))
  subnet_ids = flatten(concat(
    data.aws_subnets.default[*].ids,
    var.network_mode == "subnets" ? [var.network_subnet_ids] : [],
    [aws_subnet.own[*].id],
  ))

  # A host without the internet also needs the ECS agent's endpoints and the logs.
  endpoint_services = toset(local.own == 0 ? [] : concat(
    ["ecr.api", "ecr.dkr"],
    var.network_private ? ["ecs", "ecs-agent", "ecs-telemetry", "logs", "sts"] : [],
  ))
}

resource "aws_vpc" "own" {
  count                = local.own
  cidr_block           = var.network_vpc_cidr
  enable_dns_hostnames = true
  enable_dns_support   = true
  tags                 = { Name = "${var.name_prefix}-vpc" }
}

resource "aws_subnet" "own" {
  count                   = local.own * var.network_zone_count
  vpc_id                  = aws_vpc.own[0].id
  availability_zone       = data.aws_availability_zones.available[0].names[count.index]
  cidr_block              = cidrsubnet(var.network_vpc_cidr, 4, count.index)
  map_public_ip_on_launch = !var.network_private
  tags                    = { Name = "${var.name_prefix}-${count.index}" }

  # A subnet stays in its zone when the list of zones changes: hosts run there.
  lifecycle {
    ignore_changes = [availability_zone]
  }
}

resource "aws_internet_gateway" "own" {
  count  = var.network_private ? 0 : local.own
  vpc_id = aws_vpc.own[0].id
  tags   = { Name = "${var.name_prefix}-internet-gateway" }
}

resource "aws_route_table" "own" {
  count  = local.own
  vpc_id = aws_vpc.own[0].id
  tags   = { Name = "${var.name_prefix}-routes" }
}

resource "aws_route" "internet" {
  count                  = var.network_private ? 0 : local.own
  route_table_id         = aws_route_table.own[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.own[0].id
}

resource "aws_route_table_association" "own" {
  count          = local.own * var.network_zone_count
  subnet_id      = aws_subnet.own[count.index].id
  route_table_id = aws_route_table.own[0].id
}

# Data sets and image layers come from S3: through the gateway endpoint they cost nothing.
resource "aws_vpc_endpoint" "s3" {
  count             = local.own
  vpc_id            = aws_vpc.own[0].id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${var.region}.s3"
  route_table_ids   = [aws_route_table.own[0].id]
  tags              = { Name = "${var.name_prefix}-s3" }
}

resource "aws_vpc_endpoint" "interface" {
  for_each            = local.endpoint_services
  vpc_id              = aws_vpc.own[0].id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  subnet_ids          = aws_subnet.own[*].id
  security_group_ids  = [aws_security_group.endpoints[0].id]
  private_dns_enabled = true
  tags                = { Name = "${var.name_prefix}-${each.key}" }
}

resource "aws_security_group" "endpoints" {
  count       = local.own
  name        = "${var.name_prefix}-endpoints"
  description = "HTTPS from job hosts to the VPC endpoints"
  vpc_id      = aws_vpc.own[0].id

  ingress {
    description     = "HTTPS from job hosts"
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    security_groups = [aws_security_group.jobs.id]
  }
}

resource "aws_security_group" "jobs" {
  name        = "${var.name_prefix}-jobs"
  description = "Job hosts: everything out, in only from each other"
  vpc_id      = local.vpc_id

  ingress {
    description = "Nodes of one multi-node job talk to each other"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    self        = true
  }

  egress {
    description = "Images, data and logs"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
