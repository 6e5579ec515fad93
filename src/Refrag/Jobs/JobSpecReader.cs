using System.Text.RegularExpressions;
using Refrag.Aws.Batch;
using Refrag.CodeArchives;
using Refrag.Composition.Tree;
using Refrag.Results;
using Refrag.Stores;

namespace Refrag.Jobs;

/// <summary>Reads a <see cref="JobSpec"/> from a composed configuration and reports everything that is wrong with it at once.</summary>
public static partial class JobSpecReader
{
    // The first attempt is none of them.
    private const int MostRetries = BatchLimits.Attempts - 1;
    private const string UnknownResolver = "RF1305";
    private static readonly TimeSpan s_leastTimeout = TimeSpan.FromSeconds(BatchLimits.TimeoutSeconds);

    /// <summary>The job, or the problems, each pointing at the argument or the file where the value was written.</summary>
    public static Result<JobSpec> Read(Composition.Composition composition)
    {
        if (!Resolve(composition).TryGet(out ConfigMapping? config, out IReadOnlyList<Problem> problems))
            return Result<JobSpec>.Failure(problems);

        var reader = new ValueReader(config, composition.PlaceOf);
        EnvironmentKind kind = Kind(reader);
        AppSpec app = AppReader.Read(reader, config);
        JobSpec spec = new()
        {
            App = app,
            Kind = kind,
            Name = Name(reader, app),
            Queues = Names(reader, "job_queue", "refrag-cpu-job-queue", "refrag-gpu-job-queue"),
            Definitions = kind == EnvironmentKind.Slurm
                ? SlurmReader.Definitions
                : Names(reader, "job_definition_name", "refrag-cpu-job-def", "refrag-gpu-job-def"),
            Requirements = ReadRequirements(reader),
            Nodes = reader.Whole("env.nodes", least: 1, most: BatchLimits.Nodes) ?? 1,
            ArraySize = reader.Whole("env.array_size", BatchLimits.LeastArraySize, BatchLimits.ArraySize),
            Retries = reader.Whole("env.retries", least: 0, MostRetries) ?? 0,
            Timeout = reader.Duration("env.timeout", s_leastTimeout),
            ShareIdentifier = Share(reader),
            Priority = reader.Whole("env.priority", least: 0, BatchLimits.SchedulingPriority),
            DependsOn = Dependencies(reader),
            Environment = Variables(reader),
            Tags = reader.Texts("env.tags").ToDictionary(StringComparer.Ordinal),
            Changes = new DefinitionChanges(
                reader.Text("env.image"), reader.Text("env.job_role_arn"), reader.Text("env.execution_role_arn"),
                reader.Text("env.log_group"), reader.Text("env.shell") == "true", ContainerChangesReader.Read(reader, kind)),
            EntryPoint = ReadEntryPoint(reader) ?? AssumedEntryPoint(reader, app, kind),
            IsEntryPointAssumed = reader.Text("env.entry_point") is null,
            Code = Code(reader),
            Results = Results(reader),
            Capacity = CapacityReader.Read(reader),
            Regions = RegionsReader.Read(reader),
            Slurm = kind == EnvironmentKind.Slurm ? SlurmReader.Read(reader) : null,
            Connection = kind == EnvironmentKind.Slurm ? SlurmReader.Connection(reader) : Connection(reader),
            Places = reader,
        };
        Contradictions(spec, reader);
        ContainerChangesReader.Contradictions(spec, reader);
        if (kind == EnvironmentKind.Slurm) SlurmReader.Refuse(reader);
        problems = [.. reader.Problems, .. NamedTargets.Contradictions(spec)];
        problems = [.. problems, .. ResultsProblems(spec), .. CapacityReader.Contradictions(spec), .. RegionsReader.Contradictions(spec)];
        return problems.Count > 0 ? Result<JobSpec>.Failure(problems) : spec;
    }

    // A class gets the whole configuration. A command gets what it names: a resolver that a program has in Python, and that refrag does not
    // know, may stand in any other key.
    private static Result<ConfigMapping> Resolve(Composition.Composition composition)
    {
        Result<ConfigMapping> all = composition.Resolve();
        bool isOfOthers = all.Problems.Count > 0 && all.Problems.All(problem => problem.Code == UnknownResolver);
        return isOfOthers && composition.Config["app"] is ConfigMapping app && app["class"] is null
            ? composition.ResolveKeys(["app", "env"])
            : all;
    }

    private static EnvironmentKind Kind(ValueReader reader)
    {
        switch (reader.Text("env.kind"))
        {
            case "local":
                return EnvironmentKind.Local;
            case "awsbatch":
                return EnvironmentKind.AwsBatch;
            case "slurm":
                return EnvironmentKind.Slurm;
            case { } other:
                reader.Wrong("RF2002", "env.kind", $"env.kind={other} is not a kind of environment", "Use local, awsbatch or slurm.");
                return EnvironmentKind.Local;
            case null:
                reader.Wrong("RF2002", "env.kind", "The environment does not say what kind it is",
                    "Add kind: awsbatch or kind: local to the file under conf/env, or choose one: env=awsbatch.");
                return EnvironmentKind.Local;
        }
    }

    private static string Name(ValueReader reader, AppSpec app)
    {
        string name = reader.Text("env.job_name") ?? app.Name;
        if (BatchLimits.IsName(name)) return name;
        reader.Wrong(
            "RF2003",
            "env.job_name",
            $"env.job_name={name} is not a name that Batch accepts",
            $"Use {BatchLimits.NameRule}.");
        return name;
    }

    private static NameChoice Names(ValueReader reader, string key, string cpu, string gpu) => new(
        reader.Text($"env.cpu_{key}") ?? cpu, reader.Text($"env.gpu_{key}") ?? gpu, reader.Text($"env.{key}"),
        reader.Text($"env.distributed_{key}"));

    private static Requirements ReadRequirements(ValueReader reader) => new(
        new Gpus(reader.Whole("env.gpus", least: 0, most: 1024) ?? 0),
        reader.Whole("env.vcpus", least: 1, most: 4096) is { } vcpus ? new VCpus(vcpus) : null,
        reader.Memory("env.memory"));

    private static List<string> Dependencies(ValueReader reader)
    {
        List<string> ids = [.. reader.List("env.depends_on")];
        if (ids.Count > BatchLimits.Dependencies)
        {
            reader.Wrong("RF2004", "env.depends_on", $"env.depends_on names {ids.Count} jobs; Batch allows {BatchLimits.Dependencies}",
                "Let a job in between wait for some of them.");
        }
        return ids;
    }

    private static List<KeyValuePair<string, string>> Variables(ValueReader reader)
    {
        List<KeyValuePair<string, string>> variables = [.. reader.Texts("env.environment")];
        foreach ((string name, _) in variables)
        {
            string key = $"env.environment.{name}";
            if (name.StartsWith("AWS_BATCH", StringComparison.Ordinal))
                reader.Wrong("RF2005", key, $"{name} cannot be set: Batch keeps the prefix AWS_BATCH for itself", "Use another name.");
            else if (!IsVariableName(name))
                reader.Wrong(
                    "RF2005", key, $"{name} is not a valid variable name", "Use letters, digits and underscores, the first not a digit.");
        }
        return variables;
    }

    /// <summary>Whether a shell and every program can name such a variable.</summary>
    internal static bool IsVariableName(string name) => VariableName().IsMatch(name);

    // A class is in refrag or in a program that its image is made for.
    private static EntryPoint AssumedEntryPoint(ValueReader reader, AppSpec app, EnvironmentKind kind) =>
        // The nodes of a cluster need not have refrag.
        kind == EnvironmentKind.Slurm ? app is CommandApp ? EntryPoint.Shell : EntryPoint.Refrag
        : app is CommandApp && reader.Text(AppKeys.Class) is null && reader.Text("env.image") is { } image && ImageName.IsOfOthers(image)
            ? EntryPoint.Shell
            : EntryPoint.Refrag;

    private static EntryPoint? ReadEntryPoint(ValueReader reader)
    {
        switch (reader.Text("env.entry_point"))
        {
            case null:
                return null;
            case "refrag":
                return EntryPoint.Refrag;
            case "shell":
                return EntryPoint.Shell;
            case { } other:
                reader.Wrong("RF2006", "env.entry_point", $"env.entry_point={other} is not known",
                    "Use refrag (an image whose entry point is refrag) or shell (any image with /bin/sh).");
                return EntryPoint.Refrag;
        }
    }

    private static CodeSource? Code(ValueReader reader)
    {
        int limit = reader.Whole("env.code_limit", least: 1, CodeSource.MostLimit) ?? CodeSource.DefaultLimit;
        return reader.Text("env.code") is { } path
            ? new CodeSource(path, reader.Text("env.code_store"), limit, reader.List("env.code_include"))
            : null;
    }

    private static ResultsChoice? Results(ValueReader reader)
    {
        TimeSpan interval = reader.Duration("env.results_interval", TimeSpan.Zero) ?? ResultsChoice.DefaultInterval;
        return reader.Text("env.results") is { } store ? new ResultsChoice(store, interval) : null;
    }

    private static IEnumerable<Problem> ResultsProblems(JobSpec spec)
    {
        if (spec.Results is not { } results) yield break;
        if (StoreUrl.Parse(results.Store) is null) yield return ResultProblems.WrongStore(results.Store, spec.Places.Of("env.results"));
        if (results.Interval < ResultsChoice.Shortest || results.Interval > ResultsChoice.Longest)
            yield return ResultProblems.WrongInterval(
                Duration.Format(results.Interval), spec.Places.Of("env.results_interval"));
        if (spec.EntryPoint != EntryPoint.Shell) yield break;
        yield return spec is { IsEntryPointAssumed: true, Changes.Image: { } image }
            ? ResultProblems.NeedsRefrag(image, spec.Places.Of("env.image"))
            : ResultProblems.NeedsRefrag(spec.Places.Of("env.entry_point"));
    }

    private static ConnectionSpec Connection(ValueReader reader)
    {
        string? url = reader.Text("env.endpoint_url");
        bool isUrl = Uri.TryCreate(url, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https";
        if (url is not null && !isUrl)
            reader.Wrong("RF2007", "env.endpoint_url", $"env.endpoint_url={url} is not an http or https address",
                "Write it whole: http://127.0.0.1:9099.");
        return new ConnectionSpec(reader.Text("env.region"), reader.Text("env.profile"), isUrl ? endpoint : null);
    }

    private static void Contradictions(JobSpec spec, ValueReader reader)
    {
        if (spec.Nodes > 1 && spec.ArraySize is { } size)
        {
            reader.Wrong("RF2008", "env.array_size",
                $"nodes={spec.Nodes} and array_size={size} exclude each other: Batch has no arrays of multi-node jobs",
                "Leave one of them out, or submit a sweep (-m) of multi-node jobs.");
        }
    }

    private static string? Share(ValueReader reader)
    {
        const string key = "env.share_identifier";
        if (reader.Text(key) is not { } text || BatchLimits.IsShare(text)) return reader.Text(key);
        reader.Wrong("RF2009", key, $"{key}={text} is not accepted by Batch", $"Use {BatchLimits.ShareRule}.");
        return null;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariableName();
}
