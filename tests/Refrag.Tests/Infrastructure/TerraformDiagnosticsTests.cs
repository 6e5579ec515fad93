using System.Text.Json;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class TerraformDiagnosticsTests
{
    // Summaries and details as Terraform 1.11 with provider 5.100 prints them.
    [Theory]
    [InlineData("RF6003", "Error acquiring the state lock",
        "Error message: resource temporarily unavailable\nLock Info:\n  ID: 4711\n\nTerraform acquires a state lock to protect the state "
            + "from being written\nby multiple users.")]
    [InlineData("RF6004", "No valid credential sources found",
        "Please see https://registry.terraform.io/providers/hashicorp/aws\nError: no EC2 IMDS role found")]
    [InlineData("RF6004", "reading caller",
        "operation error STS: GetCallerIdentity, api error InvalidClientTokenId: The security token is invalid")]
    [InlineData(
        "RF6005", "creating Batch Job Queue", "operation error Batch: CreateJobQueue, api error AccessDeniedException: not authorized")]
    [InlineData("RF6006", "invalid AWS Region: us-east-9", "")]
    [InlineData("RF6006", "reading EC2 VPC", "dial tcp: lookup ec2.us-east-9.amazonaws.com: no such host")]
    [InlineData("RF6008", "Failed to query available provider packages",
        "Could not retrieve the list of available versions for provider hashicorp/aws: could not connect to registry.terraform.io: failed "
            + "to request discovery document: Get \"https://registry.terraform.io/.well-known/terraform.json\": dial tcp: lookup "
            + "registry.terraform.io on 127.0.0.53:53: no such host")]
    [InlineData("RF6007", "local-exec provisioner error", "Error running command 'bash drain.sh': exit status 1")]
    [InlineData("RF6019", "local-exec provisioner error",
        "exit status 1. Output: drain.sh: AWS does not say whether environment e still has jobs; it is closed for new ones and stays.")]
    [InlineData("RF6019", "local-exec provisioner error",
        "exit status 1. Output: drain.sh: the AWS CLI is not on PATH, so it is not known whether queue q still has jobs.")]
    [InlineData("RF6008", "Missing required provider", "run \"terraform init\"")]
    [InlineData("RF6008", "Backend initialization required, please run \"terraform init\"",
        "Please run \"terraform init\" with either the \"-reconfigure\" or \"-migrate-state\" flags")]
    [InlineData("RF6018", "ECR Repository (refrag) not empty, consider using force_delete",
        "RepositoryNotEmptyException: it still contains images")]
    [InlineData("RF8120", "local-exec provisioner error",
        "exit status 1. Output: bucket-is-empty.sh: bucket refrag-us-east-1-123456789012 still holds objects.")]
    [InlineData("RF8120", "deleting S3 Bucket (b)",
        "operation error S3: DeleteBucket, api error BucketNotEmpty: The bucket you tried to delete is not empty")]
    [InlineData("RF8121", "local-exec provisioner error",
        "exit status 1. Output: bucket-is-empty.sh: the AWS CLI is not on PATH, so it is not known whether bucket b is empty.")]
    [InlineData("RF8121", "local-exec provisioner error",
        "exit status 1. Output: bucket-is-empty.sh: it is not known whether bucket b is empty: An error occurred (AccessDenied)")]
    [InlineData("RF6036", "creating IAM Service Linked Role (batch.amazonaws.com)",
        "InvalidInput: Service role name AWSServiceRoleForBatch has been taken in this account, please try a different suffix.")]
    [InlineData("RF6009", "Something new", "without a code")]
    public void Read_OneError_IsOneProblemWithItsCode(string code, string summary, string detail)
    {
        Problem problem = Assert.Single(TerraformDiagnostics.Read(Failed(Diagnostic("error", summary, detail))));
        Assert.Equal(code, problem.Code);
        Assert.NotEmpty(problem.Cure);
    }

    [Fact]
    public void Read_StateLock_KeepsTheIdAndLeavesOutTheLecture()
    {
        Problem problem =
            Assert.Single(
                TerraformDiagnostics.Read(
                    Failed(Diagnostic("error", "Error acquiring the state lock",
                        "Lock Info:\n  ID: 4711\n\nTerraform acquires a state lock to protect"))));
        Assert.Equal("Lock Info: ID: 4711", problem.Cause);
    }

    [Fact]
    public void Read_ValidationMessage_IsSentenceAndCureWithItsPlace()
    {
        string detail =
            "region is moon, which is no AWS region. Give a name such as us-east-1.\n\nThis was checked by the validation rule at "
                + "variables.tf:9,3-13.";
        Problem problem = Assert.Single(TerraformDiagnostics.Read(Failed(Diagnostic("error", "Invalid value for variable", detail))));
        Assert.Equal(
            new Problem
            {
                Code = "RF6010",
                What = "region is moon, which is no AWS region",
                Cure = "Give a name such as us-east-1.",
                Place = new FilePlace("variables.tf", 9, 3),
            },
            problem);
    }

    [Fact]
    public void Read_WarningsRepeatsAndOtherLines_AreLeftOut()
    {
        string error = Diagnostic("error", "Something", "else");
        Assert.Single(
            TerraformDiagnostics.Read(
                Failed(string.Join(
                    '\n', "Terraform v1.11", Diagnostic("warning", "old", "thing"), """{"type":"version"}""", error, error))));
    }

    [Fact]
    public void Read_FailedWithoutADiagnostic_SaysWhatStandardErrorSays()
    {
        Problem problem = Assert.Single(TerraformDiagnostics.Read(new TerraformRun(1, "", "Usage: terraform\n  plan\n")));
        Assert.Equal(("RF6009", "Usage: terraform plan"), (problem.Code, problem.What));
    }

    [Fact]
    public void Read_SuccessWithoutErrors_IsEmpty() =>
        Assert.Empty(TerraformDiagnostics.Read(new TerraformRun(0, Diagnostic("warning", "a", "b"), "")));

    private static TerraformRun Failed(string output) => new(1, output, "");

    // One object a line, as Terraform writes them.
    private static string Diagnostic(string severity, string summary, string detail) =>
        $$$"""{"@level":"{{{severity}}}","type":"diagnostic","diagnostic":{"severity":"{{{severity}}}", """
        + $$$""" "summary":"{{{JsonEncodedText.Encode(summary)}}}","detail":"{{{JsonEncodedText.Encode(detail)}}}", """
        + """ "range":{"filename":"variables.tf","start":{"line":9,"column":3}}}}""";
}
