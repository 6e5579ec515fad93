using Refrag.Results;
using Refrag.Runners.Attempts;

namespace Refrag.Cli.Tests.Commands.Exec;

/// <summary>What `refrag exec` and the runners agree upon.</summary>
public sealed class StoredExecutionTests
{
    [Fact]
    public void Supervised_VariableOfARunner_IsTheOneOfResults() => Assert.Equal(ResultVariables.Store, GroupSignals.Supervised);

    [Fact]
    public void AddTo_JobsWithAStoreAlone_SayThatSignalsReachTheGroup()
    {
        Dictionary<string, string> plain = new(StringComparer.Ordinal) { ["LR"] = "0.1" };
        Dictionary<string, string> stored = new(StringComparer.Ordinal) { [ResultVariables.Store] = "file:///store" };

        Assert.Equal(plain, GroupSignals.AddTo(plain));
        Assert.Equal([GroupSignals.Variable, ResultVariables.Store], GroupSignals.AddTo(stored).Keys.Order(StringComparer.Ordinal));
    }
}
