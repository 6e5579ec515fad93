using System.Text.Json;

namespace Refrag.Infrastructure;

/// <summary>What Terraform complains about in its <c>-json</c> output, as problems. RF6003–RF6010, RF6018, RF6019, RF6036, RF6040,
/// RF6042, RF6048, RF6049, RF8120 and RF8121.</summary>
internal static class TerraformDiagnostics
{
    private const string ForeignCure =
        "Choose another name_prefix, or remove what is there if nothing uses it; if it is this stack's, `terraform import` takes it over.";

    // What Batch, IAM, ECR and CloudWatch Logs answer where a name is in use.
    private static readonly string[] s_taken = ["already exists", "AlreadyExists", "already in use"];

    /// <summary>The errors of a run; at least one for a run that failed.</summary>
    public static IReadOnlyList<Problem> Read(TerraformRun run)
    {
        var problems = new List<Problem>();
        foreach (string line in run.Output.Split('\n'))
        {
            if (line.StartsWith('{') && Error(line) is { } problem && !problems.Contains(problem)) problems.Add(problem);
        }
        if (problems.Count == 0 && !run.IsSuccess) problems.Add(Of(Summary(run), "", place: null));
        return problems;
    }

    /// <summary>The addresses of resources that a run could not make because they are there; none if it also failed for another
    /// reason.</summary>
    public static IReadOnlyList<string> Taken(TerraformRun run)
    {
        List<string> taken = [];
        foreach (string line in run.Output.Split('\n').Where(one => one.StartsWith('{')))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (!document.RootElement.TryGetProperty("diagnostic", out JsonElement diagnostic) || Text(diagnostic, "severity") != "error")
                continue;
            string all = $"{Text(diagnostic, "summary")} {Text(diagnostic, "detail")}";
            if (Text(diagnostic, "address") is not { Length: > 0 } address || !s_taken.Any(all.Contains)) return [];
            taken.Add(address);
        }
        return taken;
    }

    /// <summary>Says that there is something already that the next plan imports, if it is this stack's.</summary>
    public static Problem TakenOver(IReadOnlyList<string> taken) => new()
    {
        Code = "RF6048",
        What = $"what {string.Join(", ", taken)} is to be called is there already",
        Cause = "A run that is interrupted between a request and its answer leaves what AWS has made and Terraform does not know",
        Cure = "Run the same command again: what has this stack's tags is taken over.",
    };

    /// <summary>Says that what is there already is not this stack's.</summary>
    public static Problem Foreign(IReadOnlyList<string> addresses) => new()
    {
        Code = "RF6049",
        What = $"what {string.Join(", ", addresses)} is to be called is there already, and is not this stack's: its tags are others",
        Cure = ForeignCure,
    };

    private static Problem? Error(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        if (!document.RootElement.TryGetProperty("diagnostic", out JsonElement diagnostic)) return null;
        if (Text(diagnostic, "severity") != "error") return null;
        return Of(Text(diagnostic, "summary"), Text(diagnostic, "detail"), PlaceOf(diagnostic));
    }

    private static Problem Of(string summary, string detail, Place? place)
    {
        if (summary == "Invalid value for variable") return Variable(detail, place);
        string all = $"{summary} {detail}";
        (string code, string what, string cure) = all switch
        {
            _ when all.Contains("acquiring the state lock") => ("RF6003", "another process is working on this state",
                "Wait until that run has ended; nothing was changed. If it has died without giving back its lock, `terraform "
                    + "force-unlock LOCK_ID` releases it; the id stands in the cause."),
            _ when all.Contains("No valid credential sources") || all.Contains("no EC2 IMDS role") =>
                ("RF6004", "there are no AWS credentials",
                "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with `aws sso login`."),
            _ when all.Contains("InvalidClientTokenId") || all.Contains("ExpiredToken") || all.Contains("SignatureDoesNotMatch") =>
                ("RF6004",
                "AWS does not accept the credentials", "Renew them; `aws sts get-caller-identity` shows whom they name."),
            // bucket-is-empty.sh says the first and the third; S3 the second, of what came since.
            _ when all.Contains("still holds objects") || all.Contains("BucketNotEmpty") => ("RF8120",
                "the bucket of the jobs still holds code or results",
                "Take home what you want to keep (`refrag pull`), and run the same command again when the bucket is empty; or `refrag "
                    + "infra apply --var job_bucket_force_destroy=true` before, which gives up all that it holds."),
            _ when all.Contains("not known whether bucket") => ("RF8121", "it is unknown whether the bucket of the jobs is empty",
                "Mend what the cause says and run the same command again; the bucket was not changed."),
            // IAM is behind as well: Batch checked an environment before its role was usable everywhere. The same answer can last.
            _ when all.Contains("Batch Compute Environment") && all.Contains("'INVALID'") && all.Contains("not authorized to perform") =>
                ("RF6042", "Batch cannot use a role of a new environment",
                    "Run the same command again in a minute: what is there already is taken over."),
            // Batch creates job queues on VALID environments only. (API CreateJobQueue, computeEnvironmentOrder)
            _ when all.Contains("JobQueue") && all.Contains("compute-environment/")
                && all.Contains("valid", StringComparison.OrdinalIgnoreCase) =>
                ("RF6042", "Batch puts no environment into a queue that is not VALID",
                    "Run the same command again in a minute, which lets Batch check the environment again first."),
            _ when all.Contains("AccessDenied") || all.Contains("UnauthorizedOperation") => ("RF6005", summary,
                "Grant the identity that `aws sts get-caller-identity` shows the action named in the cause."),
            // Before the regions: a host that is not known is the registry's here. (terraform, internal/command/init.go)
            _ when all.Contains("Failed to query available provider packages") || all.Contains("Failed to install provider") =>
                ("RF6008", "Terraform cannot get its providers from their registry",
                    "Check the network or the proxy (HTTPS_PROXY), or name a mirror in Terraform's CLI configuration "
                        + "(provider_installation); nothing was changed."),
            _ when all.Contains("Invalid AWS Region", StringComparison.OrdinalIgnoreCase) || all.Contains("no such host") =>
                ("RF6006", summary.Contains("Region", StringComparison.OrdinalIgnoreCase) ? summary : "the region does not answer",
                "Correct the variable region, such as us-east-1; where the name is right, check the network."),
            // drain.sh says these two.
            _ when all.Contains("the AWS CLI is not on PATH") || all.Contains("AWS does not say whether") =>
                ("RF6019", "it is unknown whether jobs are left where something is to be removed",
                "Mend what the cause says and run the same command again; nothing was removed."),
            // A list of AWS's lags behind: the queue has left the environment a moment ago.
            _ when all.Contains("found existing JobQueue relationship") => ("RF6040", "AWS takes the environment for one that a queue uses",
                "Run the same command again in a minute; nothing is lost."),
            _ when all.Contains("drain.sh") || all.Contains("local-exec provisioner error") =>
                ("RF6007", "jobs are left where something is to be removed",
                "Wait until they have ended and run the same command again; nothing was removed under them."),
            _ when all.Contains("RepositoryNotEmptyException") => ("RF6018", "the ECR repository still holds images",
                "Delete them (`aws ecr batch-delete-image`) and run the same command again; or `refrag infra apply --var "
                    + "ecr_force_delete=true` before a destroy."),
            // AWS says it in one of two ways, and writes the name's last word large or small.
            _ when all.Contains("AWSServiceRoleForBatch", StringComparison.OrdinalIgnoreCase)
                && (all.Contains("has been taken") || all.Contains("already exists")) => ("RF6036",
                "the account has the role AWSServiceRoleForBatch already",
                    "Leave create_service_linked_role = false: one role serves all regions of the account."),
            _ when all.Contains("-migrate-state") => ("RF6008", "the state has another place than before",
                "Run `terraform init -migrate-state` in the stack's directory, which takes it there; nothing was changed."),
            _ when all.Contains("terraform init") || all.Contains("Missing required provider") =>
                ("RF6008", "the directory is not initialised",
                "Run `terraform init` in it."),
            _ when s_taken.Any(all.Contains) => ("RF6049", "something of that name is there already, and Terraform does not know it",
                ForeignCure),
            _ => ("RF6009", summary, "Correct what Terraform says."),
        };
        return new Problem { Code = code, What = what.TrimEnd('.'), Cause = Cause(detail, what), Cure = cure, Place = place };
    }

    // The stack's own messages are a sentence and a cure; the rest is Terraform's pointer to the rule.
    private static Problem Variable(string detail, Place? place)
    {
        string text = Flat(detail.Split("\n\nThis was checked")[0]);
        int end = text.IndexOf(". ", StringComparison.Ordinal);
        (string what, string cure) = end < 0 ? (text.TrimEnd('.'), "Correct the variable.") : (text[..end], text[(end + 2)..]);
        return new Problem { Code = "RF6010", What = what, Cure = cure, Place = place };
    }

    // What Terraform explains each time is left out.
    private static string? Cause(string detail, string what)
    {
        string cause = detail.Split("Terraform acquires a state lock")[0].Replace("Error message: ", "");
        return cause.Trim().Length == 0 || what.Contains(cause) ? null : Flat(cause);
    }

    private static string Flat(string text) =>
        string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string Summary(TerraformRun run)
    {
        string said = Flat(run.Errors.Length > 0 ? run.Errors : run.Output);
        return said.Length > 0 ? said : $"terraform ended with exit code {run.ExitCode}";
    }

    private static FilePlace? PlaceOf(JsonElement diagnostic)
    {
        if (!diagnostic.TryGetProperty("range", out JsonElement range)) return null;
        JsonElement start = range.GetProperty("start");
        return new FilePlace(Text(range, "filename"), start.GetProperty("line").GetInt32(), start.GetProperty("column").GetInt32());
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";
}
