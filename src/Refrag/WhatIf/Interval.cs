using System.Runtime.InteropServices;

namespace Refrag.WhatIf;

/// <summary>The mean of a figure over several seeds, and the interval that holds the true mean with a confidence of 95 %.</summary>
/// <param name="Mean">The mean; infinite if a run never came to the figure.</param>
/// <param name="HalfWidth">From the mean to either end; null for a single run.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Interval(double Mean, double? HalfWidth)
{
    // Of Student's distribution, two-sided, 95 %, by degrees of freedom from 1. Beyond the table that of the normal one and a little more.
    // (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2)
    private static readonly double[] s_student =
        [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101,
            2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045];

    private const double Normal = 1.96;

    /// <summary>Of values, one a seed; null if one is not known.</summary>
    public static Interval? Of(IReadOnlyList<double?> values)
    {
        if (values.Count == 0 || values.Contains(null)) return null;
        double mean = values.Average()!.Value;
        if (values.Count == 1 || double.IsInfinity(mean)) return new Interval(mean, null);
        double variance = values.Sum(value => Math.Pow(value!.Value - mean, 2)) / (values.Count - 1);
        double student = values.Count - 2 < s_student.Length ? s_student[values.Count - 2] : Normal + (2.4 / (values.Count - 1));
        return new Interval(mean, student * Math.Sqrt(variance / values.Count));
    }
}
