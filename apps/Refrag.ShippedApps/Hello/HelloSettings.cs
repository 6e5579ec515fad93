namespace Refrag.ShippedApps.Hello;

/// <summary>What hello_dist is asked to do.</summary>
/// <param name="Message">What each worker says.</param>
/// <param name="GatherTimeout">How long rank 0 waits for the others, and they for it.</param>
/// <param name="Hold">How long all stay together after the roll call before rank 0 lets them go.</param>
internal sealed record HelloSettings(string Message, TimeSpan GatherTimeout, TimeSpan Hold)
{
    // A greeting with a message of this length, at worst six bytes a unit as JSON, fits a line of the wire.
    private const int LongestMessage = 4096;

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public static HelloSettings Read(AppConfigReader read) => new(
        read.Text("message", "Hello", LongestMessage),
        read.Seconds("gather_timeout", TimeSpan.FromSeconds(60), LongestWait),
        read.Seconds("hold", TimeSpan.Zero, LongestWait));
}
