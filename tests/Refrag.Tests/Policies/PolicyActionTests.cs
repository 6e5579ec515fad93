using Refrag.Policies;

namespace Refrag.Tests.Policies;

public sealed class PolicyActionTests
{
    private static readonly SubmitSuccessor s_move = new("job", 2, "on-demand", "queue", 3, 2);

    [Fact]
    public void Id_SameAction_IsTheSameWhateverItsReason() => Assert.Equal(s_move.Id, (s_move with { Reason = "because" }).Id);

    [Fact]
    public void Id_AnyPartDiffers_IsAnother()
    {
        PolicyAction[] all =
        [
            s_move, s_move with { Subject = "job2" }, s_move with { Attempt = 3 }, s_move with { Step = "spot-again" },
            s_move with { Queue = "other" }, s_move with { Attempts = 4 },
            new EndJob("job", 2, "on-demand") { Region = "us-east-1" }, new EndJob("job", 2, "on-demand") { Region = "us-west-2" },
            s_move with { Attempts = null }, s_move with { Region = "us-east-1" },
            new SetMinimum("job", 2, "on-demand", 3), new SetMaximum("job", 2, "on-demand", 3), new SetMaximum("job", 2, "on-demand", 4),
            new Warn("job", 2, "on-demand"),
            // The same letters, cut elsewhere.
            s_move with { Subject = "jo", Step = "bon-demand" },
        ];

        Assert.Equal(all.Length, all.Select(one => one.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(all, one => Assert.Matches("^[a-z0-9-]{37}$", one.Id));
    }
}
