using Refrag.Diagnosis;

namespace Refrag.Tests.Diagnosis;

/// <summary>Cures that say the job would start, run against the built-in engine on the very set-up.</summary>
public sealed class CureTests
{
    private const string Promise = "checked: it would start";

    public static TheoryData<int, string> Setups => [.. SetupFiles.All.Select((setup, index) => (index, setup.Name))];

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task Command_OfCureThatSaysItWouldStart_StartsAJobThatDidNot(int index, string name)
    {
        Setup setup = SetupFiles.All[index];
        foreach (Cure cure in await PromisesAsync(setup))
        {
            Assert.NotNull(cure.Command);
            await using ServedSetup served = await ServedSetup.MakeAsync(setup);
            Assert.False(await served.StartsAsync(), $"{name}: it starts without the cure: {cure.Command}");

            await served.RunAsync(cure.Command);

            Assert.True(await served.StartsAsync(), $"{name}: it does not start after the cure: {cure.Command} {served.Refusal}");
        }
    }

    // What the theory above runs, so that it cannot become empty unseen.
    [Fact]
    public async Task Command_OfAllSetups_ArePromisesOfEachKind()
    {
        List<string> commands = [];
        foreach (Setup setup in SetupFiles.All) commands.AddRange((await PromisesAsync(setup)).Select(c => c.Command!));

        Assert.True(commands.Count >= 40, $"{commands.Count} promises");
        foreach (string kind in (string[])["--state ENABLED", "maxvCpus=", "--compute-resources instanceTypes=",
            "create-compute-environment", "env.memory=", "env.nodes=", "env.share_identifier=", "update-consumable-resource"])
            Assert.Contains(commands, c => c.Contains(kind, StringComparison.Ordinal));
    }

    // A command that someone is to complete first cannot have been checked.
    [Fact]
    public async Task Command_OfPromises_HasNoPlaceholder()
    {
        foreach (Setup setup in SetupFiles.All)
        {
            foreach (Cure cure in await PromisesAsync(setup)) Assert.DoesNotMatch("=(NAME|ARN|N|CE)\\b|…", cure.Command);
        }
    }

    private static async Task<IReadOnlyList<Cure>> PromisesAsync(Setup setup) =>
        [.. (await WhyTests.DiagnoseAsync(setup)).Causes.SelectMany(c => c.Cures).Where(c => c.Checked == Promise)];
}
