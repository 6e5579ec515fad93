# The root's own provider. infra/modules/batch has everything of this directory but this file: a module takes its provider from its caller.
provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }

  # Where the claims of `refrag scale` are: it puts this tag on an environment, and an apply would take it away.
  ignore_tags {
    keys = ["refrag:scaling-claims"]
  }
}
