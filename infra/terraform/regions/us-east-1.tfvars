# One region, one state:
#   terraform workspace select -or-create us-east-1
#   terraform apply -var-file=regions/us-east-1.tfvars
region = "us-east-1"
