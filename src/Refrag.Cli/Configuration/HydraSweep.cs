using Refrag.Composition;
using Refrag.Composition.Tree;

namespace Refrag.Cli.Configuration;

/// <summary>What the <c>hydra</c> section of a configuration says of sweeping.</summary>
/// <param name="IsMultirun">Whether <c>hydra.mode</c> is <c>MULTIRUN</c>.</param>
/// <param name="Parameters">The overrides of <c>hydra.sweeper.params</c>, which those of the command line replace.</param>
internal sealed record HydraSweep(bool IsMultirun, IReadOnlyList<string> Parameters)
{
    /// <summary>Nothing is said of it.</summary>
    public static HydraSweep None { get; } = new(IsMultirun: false, []);

    /// <summary>Reads it; nothing where the configuration does not compose, which composing a job reports.</summary>
    public static HydraSweep Read(Composer composer, string configName, IReadOnlyList<string> overrides) =>
        composer.Check(configName, overrides, ComposeMode.Sweep).TryGet(out CheckedComposition? composed, out _)
            ? Of(composed.Composition.Config)
            : None;

    /// <summary>What a composed configuration says of it.</summary>
    public static HydraSweep Of(ConfigMapping config)
    {
        if (config["hydra"] is not ConfigMapping hydra) return None;
        ConfigMapping parameters = (hydra["sweeper"] as ConfigMapping)?["params"] as ConfigMapping ?? ConfigMapping.Empty;
        return new HydraSweep(
            (hydra["mode"] as ConfigScalar)?.Text == "MULTIRUN",
            [.. parameters.Select(entry => $"{entry.Key}={Text(entry.Value)}")]);
    }

    /// <summary>The parameters that the command line does not set, and behind them the command line.</summary>
    public IReadOnlyList<string> WithCommandLine(IReadOnlyList<string> overrides) =>
        [.. Parameters.Where(one => !overrides.Any(other => KeyOf(other) == KeyOf(one))), .. overrides];

    private static string KeyOf(string text) => text.Split('=', 2)[0];

    private static string Text(ConfigNode value) =>
        value is ConfigScalar { Text: { } text } ? text : ConfigJson.Write(value);
}
