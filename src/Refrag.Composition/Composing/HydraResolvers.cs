using Refrag.Composition.Interpolation;
using Refrag.Composition.Merging;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>
/// The two resolvers that Hydra brings: <c>${now:FORMAT}</c> and <c>${hydra:KEY}</c>. A resolver of the caller's with such a name goes
/// first.
/// </summary>
internal static class HydraResolvers
{
    private const string NowName = "now";
    private const string HydraName = "hydra";
    private const string OutputKey = "runtime.output_dir";
    private const int DeepestCalls = 32;

    /// <summary>With a time that is the same wherever it is asked for, so that two directories of one run have one name.</summary>
    public static ConfigResolvers WithNow(ConfigResolvers resolvers, DateTimeOffset now) =>
        resolvers.Names.Contains(NowName) ? resolvers : resolvers.With(NowName, call => Now(call, now));

    /// <summary>With what is known of a composition and its job.</summary>
    public static ConfigResolvers WithHydra(ConfigResolvers resolvers, Composition composition, JobFacts? job) =>
        resolvers.Names.Contains(HydraName) ? resolvers : resolvers.With(HydraName, call => Hydra(call, composition, job));

    private static Result<ConfigNode> Now(ResolverCall call, DateTimeOffset now)
    {
        if (call.Arguments is not [ConfigScalar { Text: { } format }])
            return Failed(NowName, "it takes one format", "Write ${now:%Y-%m-%d}, or quote a format with commas.");
        return TimeFormat.Write(format, now) is { } text
            ? ConfigScalar.Of(text)
            : Failed(NowName, $"'{format}' has a code that is not known",
            $"The codes are {string.Join(' ', TimeFormat.Codes.Select(code => $"%{code}"))}.");
    }

    private static Result<ConfigNode> Hydra(ResolverCall call, Composition composition, JobFacts? job)
    {
        if (call.Arguments is not [ConfigScalar { Text: { } key }])
            return Failed(HydraName, "it takes one key", "Write ${hydra:job.name}.");
        if (job is null)
            return Failed(HydraName, "it gives facts of a job, and there is none here", "Use a key of the configuration instead.");
        var facts = Facts(composition, job);
        if (ConfigOperations.Select(facts, key) is { } fact) return fact;
        // What a tree written for Hydra sets itself.
        if (ConfigOperations.Select(composition.Config, $"{HydraName}.{key}") is { IsMissing: false, HasInterpolations: false } set)
            return set;
        IEnumerable<string> known = Keys("", facts);
        return Failed(HydraName, $"nothing is known of a job by the name {key} here",
            $"Known are {string.Join(", ", known)}.{Suggestion.Sentence(key, known)}");
    }

    /// <summary>
    /// The configuration with what Hydra fills in when a job starts: its name and number, what was chosen, and the folder that its output
    /// goes to.
    /// </summary>
    public static ConfigMapping Filled(Composition composition, JobFacts? job)
    {
        job ??= new JobFacts();
        if (composition.Config[HydraName] is not ConfigMapping part) return composition.Config;
        var facts = Facts(composition, job);
        string folder = job.Number is null ? "${hydra.run.dir}" : "${hydra.sweep.dir}/${hydra.sweep.subdir}";
        var folders = ConfigMapping.Of(("runtime", ConfigMapping.Of(("output_dir", ConfigScalar.Of(folder)))));
        ConfigNode filled = part;
        foreach (ConfigNode more in (ConfigNode[])[folders, facts.Without("mode")])
        {
            if (ConfigMerger.Merge([filled, more]).TryGet(out var merged, out _)) filled = merged;
        }
        return composition.Config.With(HydraName, filled, default);
    }

    /// <summary>With <c>${hydra:KEY}</c> for a key of a configuration whose Hydra part is filled in.</summary>
    public static ConfigResolvers WithFilled(ConfigResolvers resolvers, ConfigMapping filled, JobFacts? job)
    {
        if (resolvers.Names.Contains(HydraName)) return resolvers;
        int depth = 0;
        ConfigResolvers? all = null;
        return all = resolvers.With(HydraName, Ask);

        Result<ConfigNode> Ask(ResolverCall call)
        {
            if (call.Arguments is not [ConfigScalar { Text: { } key }])
                return Failed(HydraName, "it takes one key", "Write ${hydra:job.name}.");
            if (depth > DeepestCalls) return Failed(HydraName, $"{key} leads back to itself", "Break the circle.");
            if (ConfigOperations.Select(filled, $"{HydraName}.{key}") is not { IsMissing: false })
                return Failed(HydraName, $"nothing is known of a job by the name {key} here", "Name a key of hydra that has a value.");
            depth++;
            var found = new Interpolator(filled, all).Resolve([HydraName, .. KeyPath.Split(key)]);
            depth--;
            if (key != OutputKey || job?.Directory is not { } directory) return found;
            return found is { IsSuccess: true, Value: ConfigScalar { Text: { } path } }
                ? ConfigScalar.Of(Path.GetFullPath(path, directory))
                : found;
        }
    }

    private static ConfigMapping Facts(Composition composition, JobFacts job)
    {
        var about = new ConfigMappingBuilder();
        if (NameOf(composition, job) is { } jobName) about.Set("name", jobName);
        if (job.Number is { } number) about.Set("num", ConfigScalar.Of(number));
        if (job.Id is { } id) about.Set("id", ConfigScalar.Of(id));
        if (composition.ConfigName is { } name) about.Set("config_name", ConfigScalar.Of(name));
        string[] typed = [.. composition.Overrides.Where(item => !item.IsHydra).Select(item => item.Text)];
        about.Set("override_dirname", ConfigScalar.Of(string.Join(',', typed.Order(StringComparer.Ordinal))));
        var runtime = new ConfigMappingBuilder();
        if (job.Directory is { } directory) runtime.Set("cwd", ConfigScalar.Of(directory));
        runtime.Set("choices",
            ConfigMapping.Of(
                composition.Choices.Select(
                    choice => new ConfigEntry(choice.Key, choice.Value is { } option ? ConfigScalar.Of(option) : ConfigScalar.Null))));
        return ConfigMapping.Of(
            ("job", about.Build()),
            ("runtime", runtime.Build()),
            ("overrides", ConfigMapping.Of(("task", ConfigList.Of(typed.Select(text => (ConfigNode)ConfigScalar.Of(text)))))),
            ("mode", ConfigScalar.Of(job.Number is null ? "RUN" : "MULTIRUN")));
    }

    private static ConfigScalar? NameOf(Composition composition, JobFacts job)
    {
        if (job.Name is { } name) return ConfigScalar.Of(name);
        if (job.NameKey is not { } key) return null;
        return ConfigOperations.Select(
            composition.Config, key) is ConfigScalar { IsNull: false, IsMissing: false, HasInterpolations: false } found
            ? found
            : null;
    }

    private static IEnumerable<string> Keys(string path, ConfigMapping mapping) => mapping.SelectMany(entry =>
        entry.Value is ConfigMapping below ? Keys($"{path}{entry.Key}.", below) : [$"{path}{entry.Key}"]);

    private static Problem Failed(string name, string cause, string cure) =>
        InterpolationProblems.ResolverFailed(name, cause, cure, place: null);
}
