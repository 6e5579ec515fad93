using System.Globalization;

namespace Refrag.History;

/// <summary>Queues, fleets and prices as rows, on one connection.</summary>
internal sealed class SampleRows(HistorySql sql)
{
    /// <summary>A second sample of the same queue or fleet that is younger than this is left out: several processes look.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(45);

    // A price that has not changed is kept once an hour.
    private static readonly TimeSpan s_price = TimeSpan.FromHours(1);

    /// <summary>Keeps a sample, in a transaction of the caller; returns how many rows it takes.</summary>
    public int Put(long place, PlaceSample sample)
    {
        long at = sample.At.ToUnixTimeMilliseconds();
        return sample.Queues.Sum(queue => Put(place, at, queue)) + sample.Fleets.Sum(fleet => Put(place, at, fleet))
            + sample.Prices.Sum(price => Put(place, at, price));
    }

    private int Put(long place, long at, QueueSample queue) => sql.Run("""
        INSERT OR IGNORE INTO queue_samples
            (place, at, queue, submitted, pending, runnable, starting, running, oldest_waiting, is_cut)
        SELECT $place, $at, $queue, $submitted, $pending, $runnable, $starting, $running, $oldest, $cut
        WHERE NOT EXISTS (SELECT 1 FROM queue_samples WHERE place = $place AND at > $at - $least AND at < $at + $least AND queue = $queue)
        """,
        ("$place", place), ("$at", at), ("$queue", queue.Queue), ("$submitted", queue.Submitted), ("$pending", queue.Pending),
        ("$runnable", queue.Runnable), ("$starting", queue.Starting), ("$running", queue.Running),
        ("$oldest", queue.OldestWaiting?.ToUnixTimeMilliseconds()), ("$cut", queue.IsCut ? 1 : 0),
        ("$least", (long)Least.TotalMilliseconds));

    // One with the instances is kept beside one without.
    private int Put(long place, long at, FleetSample fleet)
    {
        int kept = sql.Run("""
            INSERT OR IGNORE INTO fleet_samples (place, at, environment, kind, state, min_vcpus, desired_vcpus, max_vcpus, instances,
                vcpus, busy_vcpus, gpus, busy_gpus)
            SELECT $place, $at, $environment, $kind, $state, $min, $desired, $max, $instances, $vcpus, $busy, $gpus, $busygpus
            WHERE NOT EXISTS (
                SELECT 1 FROM fleet_samples WHERE place = $place AND at > $at - $least AND at < $at + $least
                    AND environment = $environment AND ($vcpus IS NULL OR vcpus IS NOT NULL))
            """,
            ("$place", place), ("$at", at), ("$environment", fleet.Environment), ("$kind", fleet.Kind), ("$state", fleet.State),
            ("$min", fleet.MinVCpus), ("$desired", fleet.DesiredVCpus), ("$max", fleet.MaxVCpus),
            ("$instances", fleet.Hosts?.Instances.Sum(one => one.Count)), ("$vcpus", fleet.Hosts?.VCpus),
            ("$busy", fleet.Hosts?.BusyVCpus), ("$gpus", fleet.Hosts?.Gpus), ("$busygpus", fleet.Hosts?.BusyGpus),
            ("$least", (long)Least.TotalMilliseconds));
        if (kept == 0) return 0;
        foreach (InstanceCount one in fleet.Hosts?.Instances ?? [])
        {
            sql.Run("""
                INSERT OR REPLACE INTO fleet_instances (place, at, environment, type, zone, market, count)
                VALUES ($place, $at, $environment, $type, $zone, $market, $count)
                """,
                ("$place", place), ("$at", at), ("$environment", fleet.Environment), ("$type", one.Type), ("$zone", one.Zone),
                ("$market", one.Market), ("$count", one.Count));
        }
        return kept + (fleet.Hosts?.Instances.Count ?? 0);
    }

    private int Put(long place, long at, PriceSample price) => sql.Run("""
        INSERT OR IGNORE INTO prices (place, at, type, zone, market, usd)
        SELECT $place, $at, $type, $zone, $market, $usd
        WHERE NOT EXISTS (
            SELECT 1 FROM prices WHERE place = $place AND at > $at - $least AND at <= $at
                AND type = $type AND zone = $zone AND market = $market AND usd = $usd)
        """,
        ("$place", place), ("$at", at), ("$type", price.Type), ("$zone", price.Zone), ("$market", price.Market),
        ("$usd", price.Usd.ToString(CultureInfo.InvariantCulture)), ("$least", (long)s_price.TotalMilliseconds));
}
