# Where job images live. A tag never changes its content, so a job definition always means the same image.
resource "aws_ecr_repository" "jobs" {
  #checkov:skip=CKV_AWS_136:encrypted with AES256; a key of its own would add a right to every host
  name                 = var.name_prefix
  image_tag_mutability = "IMMUTABLE"
  force_delete         = var.ecr_force_delete

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }
}

resource "aws_ecr_lifecycle_policy" "jobs" {
  repository = aws_ecr_repository.jobs.name

  # Never by "any tag": the image that a job definition names would expire as soon as others have been pushed often enough.
  policy = jsonencode({
    rules = concat(
      [{
        rulePriority = 1
        description  = "Untagged images go after two weeks"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 14 }
        action       = { type = "expire" }
      }],
      [for index, prefix in var.ecr_expiring_tag_prefixes : {
        rulePriority = index + 2
        description  = "Keep the newest ${var.ecr_images_kept} of ${prefix}"
        selection = {
          tagStatus     = "tagged"
          tagPrefixList = [prefix]
          countType     = "imageCountMoreThan"
          countNumber   = var.ecr_images_kept
        }
        action = { type = "expire" }
      }],
    )
  })
}
