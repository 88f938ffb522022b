using Laurel.App.Features.Activities;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>The running application with a few achievements; calls come in through the real intake.</summary>
internal static class RecognitionDesk
{
    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        activity-types:
          - id: call
            name: { en: Call answered, lt: Atsilieptas skambutis }
            measures: { talk: { unit: seconds, negative: false } }
            labels: [kind]
          - id: night-watch
            name: { en: Night watch kept, lt: Naktinis budėjimas }
        metrics:
          - { id: calls, name: { en: Calls answered, lt: Atsiliepti skambučiai }, unit: number, direction: higher, types: [call],
              aggregate: count }
          - { id: talk, name: { en: Talk time, lt: Pokalbių laikas }, unit: seconds, direction: higher, types: [call],
              aggregate: sum, measure: talk }
        achievements:
          - id: caller
            name: { en: Caller, lt: Skambintojas }
            description: { en: Answered calls in one week., lt: Atsiliepta per savaitę. }
            area: service
            badge: call-keeper
            type: threshold
            metric: calls
            at-least: [3, 5, 9]
            range: week
            history: all
          - id: night-secret
            name: { en: Moonlit Keeper, lt: Mėnesienos sargas }
            description: { en: Kept the strange hours., lt: Budėta keistomis valandomis. }
            area: engagement
            badge: night-owl
            type: first-time
            activities: [night-watch]
            visibility: hidden
            history: all
          - id: champion
            name: { en: Champion of the Week, lt: Savaitės čempionas }
            description: { en: Most calls of a week., lt: Daugiausia skambučių per savaitę. }
            area: service
            badge: champion
            type: best-of-period
            metric: calls
            period: week
            best: highest
            history: all
        """;

    public static async Task<LaurelApp> Open()
    {
        var app = await LaurelApp.Start();
        app.Declare(Setup);
        return app;
    }

    /// <summary>Applies a setup file.</summary>
    public static void Declare(this LaurelApp app, string setup)
    {
        var problems = new YamlProblems("setup.yaml");
        var read = new SetupReader(problems).Read(setup);
        problems.InOrder().ShouldBeEmpty();
        ActivatorUtilities.CreateInstance<ApplySetup>(app.Services).Run(read!, problems, Actor.File("setup.yaml"), plan: false);
        problems.InOrder().ShouldBeEmpty();
        app.Settle();
    }

    /// <summary>So many calls, a minute apart, the last one now or so many days ago.</summary>
    public static async Task Calls(this LaurelApp app, string person, int count, int daysAgo = 0)
    {
        var now = app.Time.GetUtcNow().AddDays(-daysAgo).ToUnixTimeMilliseconds();
        var before = Interlocked.Add(ref taken, count) - count;
        await Take(app, Enumerable.Range(0, count).Select(i => new IncomingActivity(
            "desk", ActivityId.Of($"call-{before + i}"), "call", person, null, now - (count - 1 - i) * 60_000L,
            [new Measure("talk", new Amount(200_000))], [new Label("kind", "billing")])
        { Contact = $"case-{before + i}" }));
    }

    /// <summary>So many calls in a project, now.</summary>
    public static Task InProject(this LaurelApp app, string project, string person, int count)
    {
        var before = Interlocked.Add(ref taken, count) - count;
        return Take(app, Enumerable.Range(0, count).Select(i => new IncomingActivity(
            "desk", ActivityId.Of($"in-{before + i}"), "call", person, null, app.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            [new Measure("talk", new Amount(200_000))], [])
        { Project = project }));
    }

    public static Task NightWatch(this LaurelApp app, string person) => Take(app, [new IncomingActivity(
        "desk", ActivityId.Of($"night-{person}"), "night-watch", person, null, app.Time.GetUtcNow().ToUnixTimeMilliseconds(), [], [])]);

    private static int taken;

    /// <summary>One activity of any type, now.</summary>
    public static Task Once(this LaurelApp app, string type, string person) => Take(app, [new IncomingActivity(
        "desk", ActivityId.Of($"{type}-{Interlocked.Increment(ref taken)}"), type, person, null,
        app.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        [], [])]);

    private static async Task Take(LaurelApp app, IEnumerable<IncomingActivity> activities)
    {
        var results = await app.Services.GetRequiredService<Intake>().Take([.. activities], CancellationToken.None);
        results.ShouldAllBe(r => r.Outcome == ItemOutcome.Accepted);
        // Work of earlier days makes periods due that have ended: the application decides them by itself.
        app.Rest();
    }
}
