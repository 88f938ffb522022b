using System.Net;
using System.Threading.RateLimiting;

namespace Laurel.App.Platform.Access;

/// <summary>
/// How often somebody may try a password or the set-up code. A whole contact centre may share one address and begin its
/// shift together, so an address gets a large bucket; one name gets a small one.
/// </summary>
public sealed class SignInLimits : IDisposable
{
    private readonly PartitionedRateLimiter<string> perAddress = Bucket(tries: 120, perMinute: 60);
    private readonly PartitionedRateLimiter<string> perName = Bucket(tries: 10, perMinute: 10);
    private readonly PartitionedRateLimiter<string> perCode = Bucket(tries: 10, perMinute: 5);

    /// <summary>A bucket is filled up once a minute: by then there is room.</summary>
    public const string RetryAfterSeconds = "60";

    public bool MaySignIn(IPAddress? address, string name) => Take(perAddress, Text(address)) && Take(perName, name);

    /// <summary>One bucket for all addresses: there is one code.</summary>
    public bool MayTryCode() => Take(perCode, "code");

    private static bool Take(PartitionedRateLimiter<string> limiter, string partition)
    {
        using var lease = limiter.AttemptAcquire(partition);
        return lease.IsAcquired;
    }

    /// <summary>An IPv6 visitor owns a whole /64 and could take a new address for each try.</summary>
    private static string Text(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4().ToString();
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private static PartitionedRateLimiter<string> Bucket(int tries, int perMinute) =>
        PartitionedRateLimiter.Create<string, string>(partition => RateLimitPartition.GetTokenBucketLimiter(partition, _ => new()
        {
            TokenLimit = tries,
            TokensPerPeriod = perMinute,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        }));

    public void Dispose()
    {
        perAddress.Dispose();
        perName.Dispose();
        perCode.Dispose();
    }
}
