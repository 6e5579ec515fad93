using Refrag.Budgets;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Fitting;

namespace Refrag.Tests.Budgets;

public sealed class UsualLengthsTests
{
    private static readonly Dictionary<string, string> s_tags = new() { ["app"] = "train" };

    // Jobs like it took 1, 2, 3, 4 and 5 hours.
    [Theory]
    [InlineData(0, null, 3)]
    [InlineData(2.5, null, 1.5)]
    [InlineData(4.5, null, 0.5)]
    [InlineData(0, 2.0, 2)]
    [InlineData(1.5, 2.0, 0.5)]
    [InlineData(6, null, 6)]
    [InlineData(6, 8.0, 2)]
    [InlineData(9, 8.0, 0)]
    public void Left_OfAKindThatIsKnown_IsTheMedianOfThoseThatRanLonger(double age, double? limit, double hours)
    {
        UsualLengths lengths = new();
        foreach (int length in new[] { 3, 1, 5, 2, 4 }) lengths.Add(Ended(length, hasFailed: false));
        lengths.Add(Ended(100, hasFailed: true));

        Assert.Equal(TimeSpan.FromHours(hours), lengths.Left("any", s_tags, TimeSpan.FromHours(age), Time(limit)));
    }

    [Theory]
    [InlineData(0, null, 1)]
    [InlineData(0.5, null, 1)]
    [InlineData(0, 8.0, 8)]
    [InlineData(3, null, 3)]
    public void Left_OfAKindThatIsNotKnown_IsItsTimeLimitOrAnHourOrAsLongAgain(double age, double? limit, double hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), new UsualLengths().Left("other", s_tags, TimeSpan.FromHours(age), Time(limit)));

    private static TimeSpan? Time(double? hours) => hours is { } some ? TimeSpan.FromHours(some) : null;

    private static RecordedJob Ended(int hours, bool hasFailed) => new()
    {
        Id = Guid.NewGuid().ToString(),
        Name = "one",
        Queue = "cpu",
        Status = hasFailed ? "FAILED" : "SUCCEEDED",
        SeenAt = DateTimeOffset.UnixEpoch,
        Needs = new Requirement { Amount = new Amount(2000, 1024, 0) },
        Tags = s_tags,
        Attempts =
        [
            new(RecordedAttempt.WholeJob, 1, DateTimeOffset.UnixEpoch)
            {
                StoppedAt = DateTimeOffset.UnixEpoch.AddHours(hours),
                HasFailed = hasFailed,
            },
        ],
    };
}
