using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Jobs;

namespace Refrag.BatchSubmitter;

/// <summary>Reads the submitter's environment variables, and reports everything that is wrong with them at once.</summary>
public static class SubmitterVariables
{
    /// <summary>Every variable that is read, with its meaning, in the order in which help lists them.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> All { get; } =
    [
        ("ECR_IMAGE", "the container image; required"),
        ("USE_GPU", "0 for the CPU queue (default), 1 for the GPU queue"),
        ("GPU_COUNT", "GPUs, 1 or more, with USE_GPU=1 (default 1)"),
        ("JOB_QUEUE", "the queue (default refrag-cpu-job-queue or refrag-gpu-job-queue)"),
        ("JOB_DEFINITION_NAME", "the definition that gets a revision (default refrag-cpu-job-def or refrag-gpu-job-def)"),
        ("JOB_NAME", "the job's name (default refrag-cpu-job or refrag-gpu-job)"),
        ("VCPUS", "whole vCPUs (default 4, with GPUs 8)"),
        ("MEMORY", "MiB, or with a unit: 64GiB (default 8192, with GPUs 32768)"),
        ("COMMAND", "the command, quoted as in a shell (default: the image's own)"),
        ("TIMEOUT", "the longest one attempt may take, 60 s or more: 8h, 90m, 3600 (default: no limit)"),
        ("TAGS", "tags: name=value,name=value"),
        ("JOB_ROLE_ARN", "the app's role (default: the active revision's)"),
        ("EXECUTION_ROLE_ARN", "the role that pulls the image (default: the active revision's)"),
        ("LOG_GROUP", "the CloudWatch Logs group (default: the active revision's)"),
        ("AWS_REGION", "the region (default: the profile's); with AWS's other variables for credentials and endpoints"),
    ];

    /// <summary>The settings, or a problem for every variable that is wrong.</summary>
    /// <param name="variable">Looks a variable up; null if it is not set.</param>
    public static Result<SubmitterSettings> Read(Func<string, string?> variable)
    {
        var reader = new VariableReader(variable);
        int gpus = ReadGpus(reader);
        string kind = gpus > 0 ? "gpu" : "cpu";
        string? image = reader.Text("ECR_IMAGE");
        if (image is null)
            reader.Wrong("RF2030", "ECR_IMAGE", "is not set",
                "Set it to the image to run: export ECR_IMAGE=<account>.dkr.ecr.<region>.amazonaws.com/<name>:<tag>.");

        SubmitterSettings settings = new()
        {
            Image = image ?? "",
            Gpus = new Gpus(gpus),
            Queue = reader.Text("JOB_QUEUE") ?? $"refrag-{kind}-job-queue",
            Definition = reader.Text("JOB_DEFINITION_NAME") ?? $"refrag-{kind}-job-def",
            JobName = reader.Text("JOB_NAME") ?? $"refrag-{kind}-job",
            VCpus = new VCpus(reader.Whole("VCPUS", gpus > 0 ? 8 : 4, least: 1)),
            Memory = reader.Memory("MEMORY", gpus > 0 ? 32768 : 8192),
            Command = reader.Words("COMMAND"),
            Timeout = reader.Duration("TIMEOUT", least: TimeSpan.FromSeconds(BatchLimits.TimeoutSeconds)),
            Tags = reader.Pairs("TAGS"),
            Changes =
                new DefinitionChanges(image, reader.Text("JOB_ROLE_ARN"), reader.Text("EXECUTION_ROLE_ARN"), reader.Text("LOG_GROUP")),
            Region = reader.Text("AWS_REGION") ?? reader.Text("AWS_DEFAULT_REGION"),
        };
        foreach ((string name, string value) in new[] { ("JOB_DEFINITION_NAME", settings.Definition), ("JOB_NAME", settings.JobName) })
        {
            if (!BatchLimits.IsName(value))
                reader.Wrong("RF2038", name, "is not a name that Batch accepts",
                    $"Use {BatchLimits.NameRule}.");
        }
        return reader.Problems.Count > 0 ? Result<SubmitterSettings>.Failure(reader.Problems) : settings;
    }

    private static int ReadGpus(VariableReader reader)
    {
        string? use = reader.Text("USE_GPU");
        if (use is not (null or "0" or "1"))
        {
            reader.Wrong("RF2031", "USE_GPU", "must be 0 or 1", "export USE_GPU=1 for the GPU queue, USE_GPU=0 for the CPU queue.");
            return 0;
        }
        if (use == "1") return reader.Whole("GPU_COUNT", 1, least: 1, zeroCure: "export USE_GPU=0 if the job needs no GPU.");
        // GPU_COUNT=0 says the same as USE_GPU=0; any other count contradicts it.
        if (reader.Text("GPU_COUNT") is { } count && count != "0")
        {
            string not = use is null ? "not set" : "0";
            reader.Wrong("RF2032", "GPU_COUNT", $"asks for GPUs, but USE_GPU is {not}", "export USE_GPU=1, or unset GPU_COUNT.");
        }
        return 0;
    }
}

/// <summary>Typed reading of environment variables; an empty one counts as not set.</summary>
internal sealed class VariableReader(Func<string, string?> variable)
{
    private readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> Problems => _problems;

    public string? Text(string name) => variable(name)?.Trim() is { Length: > 0 } text ? text : null;

    public int Whole(string name, int standard, int least, string? zeroCure = null)
    {
        if (Text(name) is not { } text) return standard;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least) return value;
        Wrong("RF2033", name, $"must be a whole number from {least} on",
            text == "0" && zeroCure is not null ? zeroCure : $"export {name}={standard}, for example.");
        return standard;
    }

    public MebiBytes Memory(string name, long standard)
    {
        if (Text(name) is not { } text) return new MebiBytes(standard);
        if (MemorySize.Parse(text, out (string Cause, string Cure) fault) is { } memory) return memory;
        Wrong("RF2034", name, "is not a valid amount of memory", fault.Cure, fault.Cause);
        return new MebiBytes(standard);
    }

    public TimeSpan? Duration(string name, TimeSpan least)
    {
        if (Text(name) is not { } text) return null;
        if (Jobs.Duration.Parse(text) is { } time && time >= least) return time;
        Wrong("RF2035", name, $"must be a duration of at least {least.TotalSeconds} seconds",
            $"export {name}=8h, or 90m, or 3600 (seconds).");
        return null;
    }

    public IReadOnlyList<string> Words(string name)
    {
        if (Text(name) is not { } text) return [];
        if (ShellWords.Split(text) is { } words) return words;
        Wrong("RF2036", name, "has a quote that is not closed", "Close the quote, or put a backslash before it.");
        return [];
    }

    public IReadOnlyDictionary<string, string> Pairs(string name)
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (string part in (Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) pairs[part[..equals]] = part[(equals + 1)..];
            else Wrong("RF2037", name, $"has {part} where name=value is wanted", "export TAGS=team=vision,experiment=42, for example.");
        }
        return pairs;
    }

    public void Wrong(string code, string name, string what, string cure, string? cause = null) => _problems.Add(new Problem
    {
        Code = code,
        What = Text(name) is { } value ? $"{name}={value} {what}" : $"{name} {what}",
        Cause = cause,
        Cure = cure,
        Place = new VariablePlace(name, variable(name)),
    });
}
