# One region, one state:
#   terraform workspace select -or-create eu-west-1
#   terraform apply -var-file=regions/eu-west-1.tfvars
region = "eu-west-1"
