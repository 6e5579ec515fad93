using Refrag.Composition.Interpolation;

namespace Refrag.Composition;

/// <summary>The options of a <see cref="Composer"/>.</summary>
public sealed record ComposerOptions
{
    /// <summary>Other names for options, as <c>env=aws_batch</c> for <c>env=awsbatch</c>. None by default.</summary>
    public IReadOnlyList<OptionAlias> OptionAliases { get; init; } = [];

    /// <summary>Other names for keys, as <c>launcher.gpus</c> for <c>env.gpus</c>. None by default.</summary>
    public IReadOnlyList<KeyAlias> KeyAliases { get; init; } = [];

    /// <summary>Schemas declared in C#, beside those that stand in files. None by default.</summary>
    public IReadOnlyList<PlacedSchema> Schemas { get; init; } = [];

    /// <summary>
    /// Top-level keys that belong to the program, as <c>env</c>: a schema that is closed at the top level leaves them alone, and a file
    /// that has one of them below its group's package is warned about. None by default.
    /// </summary>
    public IReadOnlyList<string> ProgramKeys { get; init; } = [];

    /// <summary>Which Hydra's rules a configuration is composed by. By default those of the released one.</summary>
    public HydraReading Reading { get; init; }

    /// <summary>Whether Hydra's own part, <c>hydra.*</c>, is composed as well. It is not by default.</summary>
    public HydraPart Hydra { get; init; }

    /// <summary>What interpolations may call besides OmegaConf's own resolvers. Those alone by default.</summary>
    public ConfigResolvers Resolvers { get; init; } = ConfigResolvers.Standard;

    /// <summary>
    /// Looks an environment variable up, for <c>${oc.env:NAME}</c>; null if it is not set. By default this process's environment.
    /// </summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>
    /// The clock of <c>${now:%Y-%m-%d}</c>. A composer looks at it once, when it is made, so that all its compositions have one time. By
    /// default this machine's.
    /// </summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// The job that is composed for, for <c>${hydra:job.name}</c> and the like; by default null: there is none, and those are problems.
    /// </summary>
    public JobFacts? Job { get; init; }

    internal ConfigResolvers EffectiveResolvers => Resolvers.In(Environment);
}

/// <summary>What becomes of Hydra's own part of a configuration, <c>hydra.*</c>.</summary>
public enum HydraPart
{
    /// <summary>There is none; a key <c>hydra</c> is a key like others.</summary>
    None,

    /// <summary>It is composed first, from <c>hydra/config</c> in the search path.</summary>
    FromSearchPath,

    /// <summary>It is composed first, from what is built in, for trees that were written for Hydra and set or read it.</summary>
    BuiltIn,

    /// <summary>
    /// As <see cref="BuiltIn"/> if a file of the search path or an override says <c>hydra</c>; else as <see cref="None"/>.
    /// </summary>
    WhereUsed,
}

/// <summary>What a composition is for.</summary>
public enum ComposeMode
{
    /// <summary>One job: every value must be one value, and every group chosen.</summary>
    Run,

    /// <summary>
    /// A sweep before it is split into jobs: overrides that stand for several values, and groups still to be chosen, are left out.
    /// </summary>
    Sweep,
}
