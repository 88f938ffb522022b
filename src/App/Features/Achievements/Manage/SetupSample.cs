namespace Laurel.App.Features.Achievements.Manage;

/// <summary>A small setup file to begin with, where nothing is declared yet.</summary>
public static class SetupSample
{
    public const string Text = """
        activity-types:
          - id: call-answered
            name: { en: Call answered, lt: Atsilieptas skambutis }
            measures: { talk: { unit: seconds } }
        metrics:
          - id: calls
            name: { en: Calls answered, lt: Atsiliepti skambučiai }
            unit: number
            direction: higher
            types: [call-answered]
            aggregate: count
        achievements:
          - id: caller
            name: { en: Caller, lt: Skambintojas }
            badge: call-keeper
            type: threshold
            metric: calls
            at-least: [20, 50, 100]
            range: week
            enabled: false
        """;
}
