# The root's own provider. infra/modules/batch has everything of this directory but this file: a module takes its provider from its caller.
provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}
