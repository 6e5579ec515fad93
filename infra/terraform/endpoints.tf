# VPC endpoints. The S3 gateway costs nothing: an own VPC always has it, other networks on request. Interface endpoints cost by the hour and
# zone, so an own VPC has them only if its hosts reach AWS in no other way, or where network_endpoints names them.
locals {
  private_endpoints = ["ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "logs", "sts"]
  endpoint_services = toset(
    local.own == 0 ? [] : var.network_endpoints != null ? var.network_endpoints : var.network_private ? local.private_endpoints : []
  )

  # The main route table serves the default subnets. Which tables given subnets use is for their owner to say.
  s3_route_tables = concat(flatten(data.aws_route_tables.default[*].ids), local.own == 0 ? var.network_s3_route_table_ids : [])
}

data "aws_route_tables" "default" {
  count  = var.network_mode == "default" && var.network_s3_endpoint ? 1 : 0
  vpc_id = data.aws_vpc.default[0].id

  filter {
    name   = "association.main"
    values = ["true"]
  }
}

# Names differ by partition, and not every zone has every service: AWS knows both.
data "aws_vpc_endpoint_service" "interface" {
  for_each     = local.endpoint_services
  service      = each.key
  service_type = "Interface"
}

data "aws_vpc_endpoint_service" "s3" {
  count        = local.own == 1 || var.network_s3_endpoint ? 1 : 0
  service      = "s3"
  service_type = "Gateway"
}

# Data sets and image layers come from S3: through the gateway endpoint they cost nothing.
resource "aws_vpc_endpoint" "s3" {
  count             = local.own
  vpc_id            = aws_vpc.own[0].id
  vpc_endpoint_type = "Gateway"
  service_name      = data.aws_vpc_endpoint_service.s3[0].service_name
  route_table_ids   = concat(aws_route_table.own[*].id, aws_route_table.nat[*].id)
  tags              = { Name = "${var.name_prefix}-s3" }
}

resource "aws_vpc_endpoint" "s3_shared" {
  count             = local.own == 0 && var.network_s3_endpoint ? 1 : 0
  vpc_id            = local.vpc_id
  vpc_endpoint_type = "Gateway"
  service_name      = data.aws_vpc_endpoint_service.s3[0].service_name
  route_table_ids   = local.s3_route_tables
  tags              = { Name = "${var.name_prefix}-s3" }
}

resource "aws_vpc_endpoint" "interface" {
  for_each          = local.endpoint_services
  vpc_id            = aws_vpc.own[0].id
  vpc_endpoint_type = "Interface"
  service_name      = data.aws_vpc_endpoint_service.interface[each.key].service_name
  subnet_ids = [
    for subnet in aws_subnet.own : subnet.id
    if contains(data.aws_vpc_endpoint_service.interface[each.key].availability_zones, subnet.availability_zone)
  ]
  security_group_ids  = [aws_security_group.endpoints[0].id]
  private_dns_enabled = true
  tags                = { Name = "${var.name_prefix}-${each.key}" }
}
