using System.Globalization;
using Refrag.Aws;
using Refrag.Launching;

namespace Refrag.Cli.Connections;

/// <summary>What is reported of an outage that is tolerated.</summary>
internal static class OutageNote
{
    /// <summary>A transport that asks again if no answer comes, and reports it.</summary>
    public static PatientTransport Patient(this Terminal.Terminal terminal, IAwsTransport transport, TimeProvider time) =>
        new(transport, time, terminal.NoAnswer);

    /// <summary>Reports that what waits got no answer, and asks again.</summary>
    public static void NoAnswer(this Terminal.Terminal terminal, AwsException failure) => terminal.Note(string.Create(
        CultureInfo.InvariantCulture,
        $"No answer, asking again for up to {OutageTolerance.Longest.TotalMinutes:0} minutes: {failure.Problem.What}."));
}
