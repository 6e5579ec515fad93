#!/usr/bin/env dotnet
// Submits a job to AWS Batch from environment variables; the same as `refrag submit`, which lists them:
//
//   export USE_GPU=1 GPU_COUNT=1 ECR_IMAGE=<your-ecr-url>:latest
//   dotnet run infra/scripts/batch_submitter.cs
#:project ../../src/Refrag.Cli/Refrag.Cli.csproj
#:property PublishAot=false
#:property RunAnalyzers=false
#:property RestorePackagesWithLockFile=false

return await Refrag.Cli.RefragCommandLine.RunAsync(["submit", .. args]);
