# One region, one state:
#   terraform workspace select -or-create us-west-2
#   terraform apply -var-file=regions/us-west-2.tfvars
region = "us-west-2"
