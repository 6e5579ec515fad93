using Refrag.Cli.Configuration;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Cli.Tests.Configuration;

public sealed class KeyLookupTests
{
    private static readonly ConfigNode s_config =
        ConfigYaml.Read("env: {gpus: 2, queues: [cpu, gpu]}\nname: train\nempty: null\n", "config.yaml").Value;

    [Theory]
    [InlineData("name", "train")]
    [InlineData("env.gpus", "2")]
    [InlineData("env.queues.1", "gpu")]
    [InlineData("env.queues[1]", "gpu")]
    public void Find_Key_IsItsValue(string key, string expected) => Assert.Equal(expected, KeyLookup.Find(s_config, key)?.ToString());

    [Theory]
    [InlineData("env.gps")]
    [InlineData("env.queues.2")]
    [InlineData("name.first")]
    [InlineData("none.of.these")]
    public void Find_NoSuchKey_IsNull(string key) => Assert.Null(KeyLookup.Find(s_config, key));

    [Fact]
    public void Find_KeyWhoseValueIsNull_IsThere() => Assert.True(KeyLookup.Find(s_config, "empty")?.IsNull);

    [Theory]
    [InlineData("env.gps", "env.gps", "There is no key 'gps' in env", 5, 3)]
    [InlineData("env.gps", "launcher.gps", "There is no key 'gps' in env", 10, 3)]
    [InlineData("nam", "nam", "There is no key 'nam' in the configuration", 1, 3)]
    [InlineData("env.queues.2", "env.queues.2", "There is no key '2' in env.queues", 12, 1)]
    public void NoKey_UnknownPart_IsPointedAtInWhatWasTyped(string key, string typed, string what, int column, int length)
    {
        Problem problem = KeyLookup.NoKey(s_config, key, typed, new ArgumentPlace(typed));

        Assert.Equal(("RF5002", what), (problem.Code, problem.What));
        Assert.Equal(new ArgumentPlace(typed, column, length), problem.Place);
    }

    [Fact]
    public void NoKey_NearAKnownOne_ListsTheKnownAndSuggestsIt()
    {
        Problem problem = KeyLookup.NoKey(s_config, "env.gps", "env.gps", new ArgumentPlace("env.gps"));

        Assert.Equal("There are gpus, queues", problem.Cause);
        Assert.EndsWith("Did you mean gpus?", problem.Cure, StringComparison.Ordinal);
    }
}
