using Refrag.Apps.Hello;
using Refrag.Apps.Training;

namespace Refrag.Apps;

/// <summary>The apps that come with refrag.</summary>
public static class BuiltInApps
{
    /// <summary>A new instance of each.</summary>
    public static IReadOnlyList<IApp> All => [new HelloDistApp(), new TrainApp()];
}
