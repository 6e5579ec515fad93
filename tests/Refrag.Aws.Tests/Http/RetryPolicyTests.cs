using System.Net;

namespace Refrag.Aws.Tests.Http;

public sealed class RetryPolicyTests
{
    private static readonly RetryLimits s_limits = new();
    private static readonly Attempt s_throttled =
        new Refused(new AwsError("ThrottlingException", "", HttpStatusCode.BadRequest), null, null);
    private static readonly Attempt s_fault =
        new Refused(new AwsError("ServerException", "", HttpStatusCode.InternalServerError), null, null);
    private static readonly Attempt s_mistake = new Refused(new AwsError("ClientException", "", HttpStatusCode.BadRequest), null, null);
    private static readonly Attempt s_lost = new Lost(new IOException());
    private static readonly Attempt s_unsent = new NotSent(new IOException());

    public static TheoryData<string, bool, bool> Cases => new()
    {
        { nameof(s_throttled), true, true }, { nameof(s_throttled), false, true },
        { nameof(s_fault), true, true }, { nameof(s_fault), false, false },
        { nameof(s_lost), true, true }, { nameof(s_lost), false, false },
        { nameof(s_unsent), true, true }, { nameof(s_unsent), false, true },
        { nameof(s_mistake), true, false }, { nameof(s_mistake), false, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Wait_FirstFailure_RepeatsOnlyWhatIsSafe(string attempt, bool isRepeatable, bool repeats) =>
        Assert.Equal(repeats, Wait(Of(attempt), 1, isRepeatable) is not null);

    [Fact]
    public void Wait_FullJitter_IsBetweenZeroAndTheDoublingBound()
    {
        Assert.Equal(TimeSpan.Zero, Wait(s_fault, 3, jitter: 0));
        Assert.Equal(TimeSpan.FromMilliseconds(200), Wait(s_fault, 1, jitter: 1));
        Assert.Equal(TimeSpan.FromMilliseconds(800), Wait(s_fault, 3, jitter: 1));
        Assert.Equal(TimeSpan.FromMilliseconds(3200), Wait(s_throttled, 3, jitter: 1));
        Assert.Equal(TimeSpan.FromSeconds(20), RetryPolicy.Wait(s_throttled, 30, TimeSpan.Zero, true, 1, s_limits with { Attempts = 100 }));
    }

    [Fact]
    public void Wait_LastAttempt_GivesUp()
    {
        Assert.NotNull(Wait(s_fault, s_limits.Attempts - 1));
        Assert.Null(Wait(s_fault, s_limits.Attempts));
        Assert.NotNull(Wait(s_unsent, s_limits.UnreachableAttempts - 1));
        Assert.Null(Wait(s_unsent, s_limits.UnreachableAttempts));
    }

    [Fact]
    public void Wait_TimeIsUp_GivesUp() => Assert.Null(RetryPolicy.Wait(s_fault, 1, s_limits.Time, true, 0.5, s_limits));

    private static Attempt Of(string name) => name switch
    {
        nameof(s_throttled) => s_throttled,
        nameof(s_fault) => s_fault,
        nameof(s_lost) => s_lost,
        nameof(s_unsent) => s_unsent,
        _ => s_mistake,
    };

    private static TimeSpan? Wait(Attempt attempt, int number, bool isRepeatable = true, double jitter = 0.5) =>
        RetryPolicy.Wait(attempt, number, TimeSpan.Zero, isRepeatable, jitter, s_limits);
}
