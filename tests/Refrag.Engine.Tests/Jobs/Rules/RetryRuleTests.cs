using CsCheck;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs.Rules;

namespace Refrag.Engine.Tests.Jobs.Rules;

public sealed class RetryRuleTests
{
    private static readonly AttemptFailure Exit1 = new(1, null, "Essential container in task exited");
    private static readonly AttemptFailure HostGone = new(null, null, "Host EC2 (instance i-0123) terminated.");

    [Fact]
    public void TriesAgain_NoStrategy_Never() => Assert.False(RetryRule.TriesAgain(null, 1, Exit1));

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void TriesAgain_AttemptsOnly_UntilTheyAreUsed(int made, bool expected) =>
        Assert.Equal(expected, RetryRule.TriesAgain(new RetryStrategy { Attempts = 3 }, made, Exit1));

    [Fact]
    public void TriesAgain_NoEntryMatches_Retries() =>
        Assert.True(RetryRule.TriesAgain(Strategy(new EvaluateOnExit { OnExitCode = "7", Action = "EXIT" }), 1, Exit1));

    [Fact]
    public void TriesAgain_FirstMatchWins() => Assert.False(RetryRule.TriesAgain(
        Strategy(new EvaluateOnExit { OnExitCode = "1", Action = "EXIT" }, new EvaluateOnExit { OnExitCode = "1", Action = "RETRY" }), 1,
        Exit1));

    [Theory]
    [InlineData("retry", true)]
    [InlineData("Retry", true)]
    [InlineData("exit", false)]
    public void TriesAgain_Action_IgnoresCase(string action, bool expected) =>
        Assert.Equal(expected, RetryRule.TriesAgain(Strategy(new EvaluateOnExit { OnExitCode = "1", Action = action }), 1, Exit1));

    [Fact]
    public void TriesAgain_ConditionsOfOneEntry_MustAllHold()
    {
        var entry = new EvaluateOnExit { OnExitCode = "1", OnStatusReason = "Host EC2*", Action = "EXIT" };
        Assert.True(RetryRule.TriesAgain(Strategy(entry), 1, Exit1));
        Assert.False(RetryRule.TriesAgain(Strategy(entry), 1, Exit1 with { StatusReason = HostGone.StatusReason }));
    }

    // The recipe as AWS prints it: retry what the host did, exit for every other reason. (UG job_retries)
    [Fact]
    public void TriesAgain_SpotHostsOnly_RetriesThemAndNothingElse()
    {
        RetryStrategy strategy = Strategy(
            new EvaluateOnExit { OnStatusReason = "Host EC2*", Action = "RETRY" }, new EvaluateOnExit { OnReason = "*", Action = "EXIT" });
        Assert.True(RetryRule.TriesAgain(strategy, 1, HostGone));
        Assert.False(RetryRule.TriesAgain(strategy, 1, Exit1));
        Assert.False(RetryRule.TriesAgain(strategy, 1, Exit1 with { Reason = "OutOfMemoryError: Container killed due to memory usage" }));
    }

    [Theory]
    [InlineData("*", false)]
    [InlineData("1*", true)]
    [InlineData("1", true)]
    public void TriesAgain_ConditionOnWhatIsAbsent_HoldsForTheStarAlone(string pattern, bool expected)
    {
        var nothing = new AttemptFailure(null, null, null);
        Assert.Equal(expected, RetryRule.TriesAgain(Strategy(new EvaluateOnExit { OnExitCode = pattern, Action = "EXIT" }), 1, nothing));
        Assert.Equal(expected, RetryRule.TriesAgain(Strategy(new EvaluateOnExit { OnReason = pattern, Action = "EXIT" }), 1, nothing));
        Assert.Equal(
            expected, RetryRule.TriesAgain(Strategy(new EvaluateOnExit { OnStatusReason = pattern, Action = "EXIT" }), 1, nothing));
    }

    [Fact]
    public void TriesAgain_AnyStrategy_NeverMoreThanItsAttempts() =>
        Gen.Select(Gen.Int[1, 10], Gen.Int[0, 255], Gen.Bool).Sample((attempts, code, retry) =>
        {
            var strategy = new RetryStrategy
            {
                Attempts = attempts,
                EvaluateOnExit = [new EvaluateOnExit { OnExitCode = "1*", Action = retry ? "RETRY" : "EXIT" }],
            };
            int made = 1;
            while (RetryRule.TriesAgain(strategy, made, new AttemptFailure(code, null, null))) made++;
            Assert.InRange(made, 1, attempts);
        });

    private static RetryStrategy Strategy(params EvaluateOnExit[] entries) => new() { Attempts = 5, EvaluateOnExit = entries };
}
