# Where jobs run: the default VPC, given subnets, or an own VPC, with NAT or private on request. zones.tf has the choice of zones,
# endpoints.tf the endpoints.
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

  # Not what was added for another purpose, and not a Local Zone, which has few instance types.
  filter {
    name   = "default-for-az"
    values = ["true"]
  }
}

data "aws_subnet" "given" {
  count = var.network_mode == "subnets" ? length(var.network_subnet_ids) : 0
  id    = var.network_subnet_ids[count.index]
}

locals {
  own = var.network_mode == "own" ? 1 : 0
  vpc_id = one(concat(
    data.aws_vpc.default[*].id,
    distinct(data.aws_subnet.given[*].vpc_id),
    aws_vpc.own[*].id,
  ))
  subnet_ids = flatten(concat(
    data.aws_subnets.default[*].ids,
    var.network_mode == "subnets" ? [var.network_subnet_ids] : [],
    [aws_subnet.own[*].id],
  ))

  # Job hosts of an own VPC have public addresses, or are behind NAT, or have no way out at all (network_private).
  nat_count    = local.own * (var.network_nat == "none" ? 0 : var.network_nat == "single" ? 1 : var.network_zone_count)
  has_internet = var.network_private ? 0 : local.own
  public_hosts = !var.network_private && var.network_nat == "none"
}

resource "aws_vpc" "own" {
  #checkov:skip=CKV2_AWS_11:flow logs belong to who watches the account, with their cost and retention
  #checkov:skip=CKV2_AWS_12:nothing of this stack is in the default security group
  count                = local.own
  cidr_block           = var.network_vpc_cidr
  enable_dns_hostnames = true
  enable_dns_support   = true
  tags                 = { Name = "${var.name_prefix}-vpc" }
}

resource "aws_subnet" "own" {
  #checkov:skip=CKV_AWS_130:public addresses only without network_nat and network_private; nothing comes in
  count                   = local.own * var.network_zone_count
  vpc_id                  = aws_vpc.own[0].id
  availability_zone       = local.zones[count.index].name
  cidr_block              = cidrsubnet(var.network_vpc_cidr, 4, count.index)
  map_public_ip_on_launch = local.public_hosts
  tags                    = { Name = "${var.name_prefix}-${count.index}" }

  # A subnet stays in its zone when the list of zones changes: hosts run there.
  lifecycle {
    ignore_changes = [availability_zone]
  }
}

resource "aws_internet_gateway" "own" {
  count  = local.has_internet
  vpc_id = aws_vpc.own[0].id
  tags   = { Name = "${var.name_prefix}-internet-gateway" }
}

resource "aws_route_table" "own" {
  count  = local.own
  vpc_id = aws_vpc.own[0].id
  tags   = { Name = "${var.name_prefix}-routes" }
}

resource "aws_route" "internet" {
  count                  = local.has_internet
  route_table_id         = aws_route_table.own[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.own[0].id
}

resource "aws_route_table_association" "own" {
  count          = local.own * var.network_zone_count
  subnet_id      = aws_subnet.own[count.index].id
  route_table_id = local.nat_count == 0 ? aws_route_table.own[0].id : aws_route_table.nat[count.index % local.nat_count].id

  # A gateway takes minutes: hosts that run must not be led to a table that leads nowhere yet.
  depends_on = [aws_route.nat]
}

# NAT: gateways in public subnets of their own, one for all zones or one in each; job subnets then have no public addresses.
resource "aws_subnet" "public" {
  count             = local.nat_count
  vpc_id            = aws_vpc.own[0].id
  availability_zone = aws_subnet.own[count.index].availability_zone
  cidr_block        = cidrsubnet(var.network_vpc_cidr, 4, 8 + count.index)
  tags              = { Name = "${var.name_prefix}-public-${count.index}" }
}

resource "aws_route_table_association" "public" {
  count          = local.nat_count
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.own[0].id
}

resource "aws_eip" "nat" {
  count  = local.nat_count
  domain = "vpc"
  tags   = { Name = "${var.name_prefix}-nat-${count.index}" }
}

resource "aws_nat_gateway" "nat" {
  count         = local.nat_count
  allocation_id = aws_eip.nat[count.index].id
  subnet_id     = aws_subnet.public[count.index].id
  tags          = { Name = "${var.name_prefix}-nat-${count.index}" }
  depends_on    = [aws_route.internet, aws_route_table_association.public]
}

resource "aws_route_table" "nat" {
  count  = local.nat_count
  vpc_id = aws_vpc.own[0].id
  tags   = { Name = "${var.name_prefix}-nat-routes-${count.index}" }
}

resource "aws_route" "nat" {
  count                  = local.nat_count
  route_table_id         = aws_route_table.nat[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.nat[count.index].id
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
  #checkov:skip=CKV_AWS_382:what jobs reach is not known to this stack: images, data, licence servers
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

  # EFA takes only rules that name the group itself. The rule stays as long as an environment of such hosts.
  dynamic "egress" {
    for_each = length(local.environments["distributed"]) > 0 ? ["Nodes of one multi-node job talk to each other"] : []

    content {
      description = egress.value
      from_port   = 0
      to_port     = 0
      protocol    = "-1"
      self        = true
    }
  }
}
