using Laurel.App.Features.Imports;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>
/// Some deliveries come by runs of <c>laurel import</c>, of which some are undone. What is in force is told from what was sent, one after
/// the other, and by nothing that is kept.
/// </summary>
internal sealed class RandomImports(CoreFixture core, Random random)
{
    private readonly Dictionary<(string, ActivityId), (IncomingActivity Said, bool IsUndone)> said = [];
    private readonly List<long> runs = [];

    public IReadOnlyList<IncomingActivity> Effective =>
        [.. said.Values.Where(s => !s.IsUndone && !s.Said.IsVoid).Select(s => s.Said)];

    /// <summary>The batch as it is sent: by any other door, or by a run.</summary>
    public List<IncomingActivity> Send(IEnumerable<IncomingActivity> activities)
    {
        var run = random.Next(3) switch
        {
            0 => (long?)null,
            1 when runs.Count > 0 => runs[random.Next(runs.Count)],
            _ => Begin(),
        };
        var batch = activities.Select(a => a with { Import = run }).ToList();
        foreach (var item in batch)
        {
            var identity = (item.Source, item.Id);
            // The highest version is in force; of an undone one any that is not lower.
            if (!said.TryGetValue(identity, out var known) || item.Version > known.Said.Version
                || (item.Version == known.Said.Version && known.IsUndone))
                said[identity] = (item, false);
        }
        return batch;
    }

    /// <summary>Now and then a run is undone, perhaps with a break in which something happens.</summary>
    public async Task Undo(Action meanwhile)
    {
        if (runs.Count == 0 || random.Next(3) > 0) return;
        var run = runs[random.Next(runs.Count)];
        runs.Remove(run);
        var chunk = random.Next(1, 12);
        while (random.Next(3) > 0)
        {
            using var broken = new CancellationTokenSource();
            Take(run, chunk, broken);
            if (random.Next(4) == 0) await core.Restart();
            meanwhile();
        }
        Take(run, chunk, null).State.ShouldBe(ImportState.Undone);
        foreach (var (identity, known) in said)
            if (known.Said.Import == run && !known.Said.IsVoid) said[identity] = known with { IsUndone = true };
    }

    private RecordedImport Take(long run, int chunk, CancellationTokenSource? broken)
    {
        var store = ActivatorUtilities.CreateInstance<ImportStore>(core.Services);
        return ActivatorUtilities.CreateInstance<UndoImport>(core.Services, store)
            .Run(store.Find(run)!, Actor.CommandLine, _ => broken?.Cancel(), broken?.Token ?? CancellationToken.None, chunk);
    }

    private long Begin()
    {
        var run = ActivatorUtilities.CreateInstance<ImportStore>(core.Services)
            .Begin("desk", new("mapping.yaml", 0, ""), [new("calls.csv", 0, "")], "ada");
        runs.Add(run);
        return run;
    }
}
