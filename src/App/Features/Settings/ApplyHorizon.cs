using Laurel.App.Features.Retention;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;

namespace Laurel.App.Features.Settings;

/// <summary>The retention horizon of a setup file.</summary>
internal static class ApplyHorizon
{
    public static void Run(Agreement agreement)
    {
        if (agreement.Setup.Horizon is not { } asked) return;
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        var snapshot = new CatalogueStore().Current(connection, transaction);
        var before = snapshot.Rules.Horizon;
        if (asked.Day == before) return;
        if (Horizon.Problem(connection, transaction, snapshot, asked.Day, agreement.Now) is { } problem)
        {
            agreement.Refuse(asked.Node, problem);
            return;
        }
        Horizon.Apply(connection, transaction, snapshot, asked.Day, agreement.Now);
        agreement.Differs("setting", Horizon.Setting, new Change(Horizon.Setting, Horizon.Said(before), asked.Day.ToString()));
    }
}
