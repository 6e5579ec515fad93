namespace Refrag.Quotas;

/// <summary>
/// An EC2 quota for the vCPUs that an account's instances may have together: one for each group of families and each market.
/// </summary>
/// <param name="Code">Its code in Service Quotas.</param>
/// <param name="Families">The families that it is for, in words.</param>
/// <param name="Market">Spot or on-demand, in words.</param>
public sealed record InstanceQuota(string Code, string Families, string Market)
{
    // (EC2 User Guide, on-demand and Spot instance quotas; the codes as Service Quotas lists them)
    private static readonly (string[] Prefixes, string Families, string OnDemand, string Spot)[] s_quotas =
    [
        (["dl"], "DL", "L-6E869C2A", "L-85EED4F7"),
        (["inf"], "Inf", "L-1945791B", "L-B5D1601B"),
        (["trn"], "Trn", "L-2C3B7624", "L-6B0D517C"),
        (["g", "gr", "vt"], "G and VT", "L-DB2E81BA", "L-3819A6DF"),
        (["f"], "F", "L-74FC7D96", "L-88CF9481"),
        (["x"], "X", "L-7295265B", "L-E3A00192"),
        (["a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"], "standard (A, C, D, H, I, M, R, T, Z)", "L-1216C47A", "L-34B43A08"),
    ];

    /// <summary>The quota that instances of a type count against; null if it is not known.</summary>
    /// <param name="type">The type or the family, such as <c>g5.xlarge</c>, or <c>optimal</c>.</param>
    /// <param name="spot">Whether they are Spot instances.</param>
    public static InstanceQuota? Of(string type, bool spot)
    {
        // What Batch chooses itself is of the standard families. (UG instance-type-compute-table)
        string letters = type is "optimal" or "default_x86_64" or "default_arm64" ? "m" : new([.. type.TakeWhile(char.IsAsciiLetter)]);
        string market = spot ? "Spot" : "on-demand";
        // Spot has a quota of its own for the newer P types.
        if (letters == "p")
            return !spot
                ? new("L-417A185B", "P", market)
                : type is ['p', '2' or '3' or '4', ..]
                ? new("L-7212CCBC", "P4, P3 and P2", market)
                : type is ['p', '5', ..] ? new("L-C4BD4855", "P5", market) : null;
        foreach ((string[] prefixes, string families, string onDemand, string ofSpot) in s_quotas)
        {
            if (prefixes.Contains(letters, StringComparer.Ordinal)) return new InstanceQuota(spot ? ofSpot : onDemand, families, market);
        }
        return null;
    }
}
