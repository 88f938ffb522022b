using Laurel.App.Features.Projects;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;

namespace Laurel.App.Features.Settings;

/// <summary>The projects of a setup file. One that is new is made now.</summary>
internal static class ApplyProjects
{
    public static void Run(Agreement agreement)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        if (agreement.Setup.Projects.Count == 0) return;
        var snapshot = new CatalogueStore().Current(connection, transaction);
        foreach (var setup in agreement.Setup.Projects)
            if (ProjectStore.Find(connection, transaction, setup.Id) is not { } known)
            {
                SaveProject.Add(connection, transaction, snapshot, setup.Id, setup.Name ?? setup.Id, setup.Active ?? true, agreement.Now);
                agreement.Add("project", setup.Id, new Change("name", null, setup.Name ?? setup.Id),
                    new Change("active", null, setup.Active ?? true ? null : SaveProject.Said(false)));
            }
            else if (agreement.Differs("project", setup.Id, new Change("name", known.Name, setup.Name ?? known.Name),
                new Change("active", SaveProject.Said(known.Active), SaveProject.Said(setup.Active ?? known.Active))))
                SaveProject.Update(
                    connection, transaction, setup.Id, setup.Name ?? known.Name, setup.Active ?? known.Active);
    }
}
