namespace Refrag.Composition.Tests.Composing;

public sealed class ResolverTests
{
    private static readonly ComposerOptions Options = new()
    {
        Environment = _ => null,
        Clock = new Noon(),
        Job = new JobFacts { Name = "train", Number = 3, Id = "j-7" },
    };

    [Theory]
    [InlineData("${now:%Y-%m-%d}", "2026-02-03")]
    [InlineData("${now:%H-%M-%S_%j%%}", "12-04-05_034%")]
    [InlineData("${now:'%d %b %y, %A'}", "03 Feb 26,Tuesday")]
    [InlineData("${hydra:job.name}_${hydra:job.num}", "train_3")]
    [InlineData("${hydra:job.id}", "j-7")]
    [InlineData("${hydra:job.config_name}", "config")]
    [InlineData("${hydra:runtime.choices.db}", "mysql")]
    [InlineData("${hydra:job.override_dirname}", "+x=1,db=mysql")]
    [InlineData("${hydra:mode}", "MULTIRUN")]
    [InlineData("${now:%Q}", null)]
    [InlineData("${now:}", null)]
    [InlineData("${hydra:job.nam}", null)]
    public void Resolve_OfHydra_GivesWhatIsKnown(string text, string? expected) =>
        Assert.Equal(expected is null ? "RF1306" : $"{{db:{{n:1}},a:{expected},x:1}}", Compose(text, Options));

    [Fact]
    public void Resolve_HydraWithoutAJob_IsAProblem() => Assert.Equal("RF1306", Compose("${hydra:job.name}", Options with { Job = null }));

    [Theory]
    [InlineData("app: {name: net}\na: ${hydra:job.name}", "{app:{name:net},a:net}")]
    [InlineData("app: {name: '${hydra:job.name}'}\na: 1", "RF1306")]
    [InlineData("a: ${hydra:job.name}", "RF1306")]
    public void Resolve_NameFromAKey_IsThatValueUnlessItAsksAgain(string body, string expected) =>
        Assert.Equal(expected, Tree.Compose($"== config\n{body}\n", "", Options with { Job = new JobFacts { NameKey = "app.name" } }));

    [Fact]
    public void For_EachJob_HasItsNumberAndOneTime()
    {
        var composer =
            new Composer(SearchPath.FromMemory(Tree.Files("== config\na: ${hydra:job.num} ${now:%f}\n")),
                Options with { Clock = TimeProvider.System });
        string[] values = [.. Enumerable.Range(0, 2)
            .Select(i =>
            composer.For(new JobFacts { Name = "x", Number = i }).Compose("config", []).Value.Resolve().Value["a"]!.ToString())];
        Assert.Equal(values[0][1..], values[1][1..]);
        Assert.Equal(("0", "1"), (values[0][..1], values[1][..1]));
    }

    private static string Compose(string text, ComposerOptions options) =>
        Tree.Compose($"== config\ndefaults:\n  - db: mysql\na: \"{text}\"\n== db/mysql\nn: 1\n", "db=mysql +x=1", options);

    private sealed class Noon : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 2, 3, 12, 4, 5, TimeSpan.Zero);
    }
}
