namespace Refrag.Composition.Tests.Composing;

/// <summary>Short ways to compose from a few files.</summary>
internal static class Files
{
    public static readonly Dictionary<string, string> Launcher = new(StringComparer.Ordinal)
    {
        ["config.yaml"] = "defaults:\n  - env: local\n  - _self_\nseed: 1\nname: run-${seed}\n",
        ["env/local.yaml"] = "gpus: 0\nworkers: 2\n",
        ["env/awsbatch.yaml"] = "gpus: 1\njob_queue: ''\nregion: ${oc.env:AWS_REGION}\n",
        ["env/_schema.yaml"] =
            "keys:\n  gpus: {type: int, min: 0, max: 8, default: 0, description: GPUs of each job}\n  memory: {type: size, min: 4}\n",
        ["experiment/big.yaml"] = "# @package _global_\ndefaults:\n  - override /env: awsbatch\nenv:\n  gpus: 4\n",
    };

    public static Composer Composer(Dictionary<string, string> files, ComposerOptions? options = null) =>
        new(SearchPath.FromMemory(files, "conf"), options ?? new ComposerOptions { Environment = _ => null });

    public static Composition Compose(params string[] overrides)
    {
        var result = Composer(Launcher).Compose("config", overrides);
        Assert.True(result.IsSuccess, ProblemText.Render(result.Problems));
        return result.Value;
    }

    public static IReadOnlyList<Problem> Problems(params string[] overrides) => Composer(Launcher).Compose("config", overrides).Problems;

    public static Problem Problem(params string[] overrides) => Assert.Single(Problems(overrides));
}
