using System.Globalization;

namespace Laurel.Crash;

/// <summary>One database through many kills: begin, then again and again load, kill, come back, compare.</summary>
internal sealed class CrashRun : IDisposable
{
    private const int RowsOfAFile = 600;
    private static readonly TimeSpan MostLoad = TimeSpan.FromSeconds(5);

    private static readonly string Setup = $$"""
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        teams: [ { id: care, name: Care } ]
        people: [ {{string.Join(", ", Enumerable.Range(0, Work.People).Select(i => $"{{ id: p{i}, team: care }}"))}} ]
        activity-types:
          - { id: case, measures: { talk: { unit: seconds, negative: false } }, labels: [kind] }
          - { id: chat, labels: [kind] }
          - { id: lost, person: optional }
        metrics:
          - { id: cases, types: [case] }
          - { id: chats, types: [chat] }
          - { id: work, types: [case, chat] }
          - { id: new-cases, types: [case], where: [ { label: kind, is: new } ] }
          - { id: talk, types: [case], aggregate: sum, measure: talk }
          - { id: longest, types: [case], aggregate: maximum, measure: talk }
          - { id: average, types: [case], aggregate: average, measure: talk }
          - { id: missed, types: [lost] }
        achievements:
          - { id: cases-in-all, type: threshold, metric: cases, at-least: [{{string.Join(", ", Judge.Tiers)}}], history: all }
          - { id: each, type: threshold, metric: cases, at-least: {{Judge.Each}}, repeat: every-time, history: all }
          - { id: weekly, type: threshold, metric: talk, at-least: [2000, 9000, 40000], range: week, history: all }
          - { id: daily, type: threshold, metric: new-cases, at-least: [2, 5], range: day, history: all }
          - { id: both, type: threshold, range: day, history: all,
              conditions: [ { metric: chats, at-least: 3 }, { metric: longest, at-least: 700 } ] }
          - { id: short, type: threshold, metric: average, at-most: 400, sample: 5, range: week, history: all }
          - { id: first-chat, type: first-time, activities: [chat], history: all }
          - { id: best-day, type: best-of-period, metric: work, period: yesterday, minimum: 2, history: all }
          - { id: best-week, type: best-of-period, metric: talk, period: week, ties: earliest, history: all }
        """;

    private const string Mapping = """
        source: files
        times: { at: { column: at, format: iso } }
        activities:
          - { type: case, id: "{id}", person: who, at: at, measures: { talk: talk }, labels: { kind: kind } }
        """;

    private readonly Place place;
    private readonly string folder;
    private readonly Random random;
    private readonly int seed;
    private readonly TimeProvider time;
    private readonly long anchor;
    private readonly Ledger ledger = new();
    private readonly LaurelProcess?[] nodes;
    private Load load = null!;
    private Judge judge = null!;
    private int round;

    public CrashRun(Place place, string folder, int seed, TimeProvider time)
    {
        (this.place, this.folder, this.seed, this.time) = (place, folder, seed, time);
        random = new Random(seed);
        anchor = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000 * 1000;
        nodes = new LaurelProcess?[place.Nodes];
    }

    public string Total => string.Create(CultureInfo.InvariantCulture,
        $"{ledger.Acknowledged:N0} activities acknowledged, {ledger.Answered:N0} requests answered, {ledger.BrokenOff:N0} broken off");

    /// <summary>Sets up, makes a key, and starts.</summary>
    public async Task Begin()
    {
        await Run("apply", Write("setup.yaml", Setup));
        Write("mapping.yaml", Mapping);
        var said = await Run("key", "create", "--name", "Crash", "--scope", "activities:write", "activities:read", "achievements:read",
            "setup:write");
        var key = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
        load = new Load(ledger, key, seed, anchor);
        judge = new Judge(place, ledger, key, time);
        await Start();
    }

    /// <summary>One kill and what came of it, in words.</summary>
    /// <exception cref="Broken">Something was lost, doubled or wrong.</exception>
    public async Task<string> KillOnce(bool last)
    {
        round++;
        var before = ledger.Answered;
        var (brokenOff, told) = (ledger.BrokenOff, await Strike());
        told += $", {ledger.Answered - before} requests answered, {ledger.BrokenOff - brokenOff} broken off";
        // Whichever comes first has to make good what the dead one left.
        var verified = "";
        if (!place.IsShared && (last || round % 2 == 0)) verified = await judge.Verify();
        await Start();
        var (counting, held) = await judge.Activities(await nodes[random.Next(nodes.Length)]!.Listens());
        if (place.IsShared && (last || round % 4 == 0)) verified = await judge.Verify();
        judge.Database();
        if (nodes.Select(n => n!.Defect).OfType<string>().FirstOrDefault() is { } defect)
            throw new Broken($"laurel tells of a defect:\n{defect}");
        if (load.Wrong is { } wrong) throw new Broken(wrong);
        return string.Create(CultureInfo.InvariantCulture,
            $"{told}; {counting:N0} count, {held:N0} wait{(verified.Length > 0 ? "; verify: " + verified : "")}");
    }

    /// <summary>Kills something in the middle of something; what and when, in words.</summary>
    private async Task<string> Strike()
    {
        if (!place.IsShared && random.Next(5) == 0) return await StrikeImport();
        // Counted in answers, so that a slow machine is killed at the same work; sometimes right after the start, before there is any.
        var answers = random.Next(6) == 0 ? 0 : random.Next(1, 50);
        // Half of them with the answer itself: what was acknowledged too early is lost then.
        var more = TimeSpan.FromMilliseconds(random.Next(2) == 0 ? 0 : random.Next(40));
        using var stop = new CancellationTokenSource();
        var addresses = await Task.WhenAll(nodes.Select(n => n!.Listens()));
        if (round % 4 == 0) await load.AddRule(addresses[0], round);
        var reached = answers == 0 ? Task.CompletedTask : ledger.Answers(answers);
        var sending = load.Run(addresses, stop.Token);
        var importing = place.IsShared && random.Next(3) == 0 ? Import(round) : Task.CompletedTask;
        await Task.WhenAny(reached, sending, Task.Delay(MostLoad, time, CancellationToken.None));
        await Task.Delay(more, time, CancellationToken.None);
        var victims = Victims();
        foreach (var victim in victims) nodes[victim]!.Kill();
        // The one that is left goes on without the other.
        if (victims.Count < nodes.Length) await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 400)), time, CancellationToken.None);
        await stop.CancelAsync();
        await sending;
        await importing;
        var who = !place.IsShared ? "serve" : victims.Count == 2 ? "both nodes" : $"node {victims[0] + 1} of 2";
        return $"{who} {more.TotalMilliseconds:0} ms after {answers} answers";
    }

    private List<int> Victims() => !place.IsShared ? [0] : random.Next(3) switch { 0 => [0], 1 => [1], _ => [0, 1] };

    /// <summary>A file has one owner: the server makes room. What was killed is run again and completes.</summary>
    private async Task<string> StrikeImport()
    {
        var wait = TimeSpan.FromMilliseconds(random.Next(250, 900));
        nodes[0]!.Kill();
        var file = FileOf(round);
        using (var import = LaurelProcess.Verb(place, "import", file, "--mapping", Path.Combine(folder, "mapping.yaml"), "--batch", "20"))
        {
            await Task.WhenAny(import.Ends(), Task.Delay(wait, time, CancellationToken.None));
            import.Kill();
        }
        await Import(round);
        return $"import after {wait.TotalMilliseconds:0} ms, and run again";
    }

    private async Task Import(int file)
    {
        await Run("import", FileOf(file), "--mapping", Path.Combine(folder, "mapping.yaml"), "--batch", "50");
        ledger.Acknowledge(RowsOf(file));
    }

    private string FileOf(int file)
    {
        var rows = RowsOf(file).ToList();
        ledger.Send(rows);
        return Write($"work-{file}.csv", "id,who,at,talk,kind\n" + string.Join('\n', rows.Select(r => r.ToRow())) + "\n");
    }

    private IEnumerable<Work> RowsOf(int file) => Enumerable.Range(0, RowsOfAFile).Select(row => Work.InFile(seed, anchor, file, row));

    private async Task Start()
    {
        for (var i = 0; i < nodes.Length; i++)
            if (nodes[i] is not { IsAlive: true })
            {
                nodes[i]?.Dispose();
                nodes[i] = LaurelProcess.Serve(place);
            }
        await Task.WhenAll(nodes.Select(n => n!.Listens()));
    }

    private async Task<string> Run(params string[] arguments)
    {
        using var verb = LaurelProcess.Verb(place, arguments);
        var exit = await verb.Ends();
        return exit == 0 ? verb.Said : throw new Broken($"laurel {string.Join(' ', arguments)} ended with {exit}:\n{verb.Said}");
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        for (var i = 0; i < nodes.Length; i++) Interlocked.Exchange(ref nodes[i], null)?.Dispose();
    }
}
