using Laurel.Bench;

(string Name, Func<Scale, Task> Run)[] benchmarks =
[
    ("ingest", Ingest.Run),
    ("http", Http.Run),
    ("toast", Toast.Run),
    ("history", History.Run),
    ("postgres", Postgres.Run),
    ("redis", Pipeline.Run),
    ("boards", Boards.Run),
    ("streams", Streams.Run),
    ("backfill", Backfills.Run),
    ("year", Year.Run),
    ("pages", Pages.Run),
    ("growth", Growth.Run),
];

if (args is ["--audience", var address, var cookies, var count])
{
    try
    {
        Streams.Audience(new Uri(address), cookies, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
    }
    catch (Exception failure) when (failure is IOException or InvalidOperationException or System.Net.Sockets.SocketException)
    {
        // Whoever started it reads this line.
        Console.WriteLine(failure.Message);
    }
    return 0;
}
var quick = args.Contains("--quick");
var names = args.Where(a => !a.StartsWith('-')).ToList();
var unknown = names.Except(benchmarks.Select(b => b.Name)).ToList();
if (unknown.Count > 0 || args.Any(a => a.StartsWith('-') && a != "--quick"))
{
    Console.Error.WriteLine($"usage: bench/run [--quick] [{string.Join('|', benchmarks.Select(b => b.Name))} ...]");
    return 2;
}
Disk.Warn();
foreach (var (name, run) in benchmarks)
    // The growth takes ten minutes: only when it is asked for.
    if (names.Contains(name) || (names.Count == 0 && name != "growth"))
    {
        Console.WriteLine($"# {name}");
        await run(new Scale(quick));
    }
return 0;
